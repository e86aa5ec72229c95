"""Pipes as they are kept, listed, started, stopped and refused."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.pipes.conftest import BASE, FUNCTION, QUEUE, ROLE, STREAM, create, filters, running


def refused(call, *args, **parameters):
    with pytest.raises(ClientError) as raised:
        call(*args, **parameters)
    return raised.value.response["ResponseMetadata"]["HTTPStatusCode"]


def state(pipes, name="p"):
    return pipes.describe_pipe(Name=name)["CurrentState"]


def test_a_pipe_is_shown(monitoring, pipes):
    made = create(pipes, Description="d", Tags={"a": "b"},
                  TargetParameters={"InputTemplate": "<$.body>"})  # fmt: skip
    assert made["Arn"] == f"arn:aws:pipes:{BASE}:pipe/p"
    assert (made["CurrentState"], made["DesiredState"]) == ("CREATING", "RUNNING")
    shown = pipes.describe_pipe(Name="p")
    names = ("Source", "Target", "RoleArn", "Tags", "Description")
    assert {name: shown[name] for name in names} == {
        "Source": QUEUE, "Target": FUNCTION, "RoleArn": ROLE, "Tags": {"a": "b"},
        "Description": "d",
    }  # fmt: skip
    assert shown["TargetParameters"] == {"InputTemplate": "<$.body>"}


def test_states_take_a_little_while(monitoring, pipes):
    create(pipes, DesiredState="STOPPED")
    assert refused(pipes.start_pipe, Name="p") == 409  # it is being created
    steps = [state(pipes)]
    for call in (None, pipes.start_pipe, pipes.stop_pipe):
        if call:
            steps.append(call(Name="p")["CurrentState"])
        monitoring.clock.advance(seconds=10)
        steps.append(state(pipes))
    steps.append(pipes.update_pipe(Name="p", RoleArn=ROLE, Description="e")["CurrentState"])
    monitoring.clock.advance(seconds=10)
    assert refused(pipes.stop_pipe, Name="p") == 409
    steps.append(pipes.delete_pipe(Name="p")["CurrentState"])
    assert steps == [
        "CREATING", "STOPPED", "STARTING", "RUNNING", "STOPPING", "STOPPED", "UPDATING", "DELETING",
    ]  # fmt: skip
    monitoring.clock.advance(seconds=10)
    assert refused(pipes.describe_pipe, Name="p") == 404


def test_an_update_keeps_what_it_does_not_say(monitoring, pipes):
    source = {"KinesisStreamParameters": {"StartingPosition": "LATEST", "BatchSize": 5}}
    running(monitoring, pipes, source=STREAM, SourceParameters=source, Description="d")
    pipes.update_pipe(
        Name="p", RoleArn=ROLE, SourceParameters={"KinesisStreamParameters": {"BatchSize": 7}}
    )
    shown = pipes.describe_pipe(Name="p")
    assert shown["Description"] == "d"
    parameters = shown["SourceParameters"]["KinesisStreamParameters"]
    assert parameters == {"StartingPosition": "LATEST", "BatchSize": 7}


def test_lists(pipes, monitoring):
    for name in ("a", "b"):
        create(pipes, name=name)
    create(pipes, name="c", target=QUEUE, source=f"{QUEUE}-2", DesiredState="STOPPED")
    monitoring.clock.advance(seconds=10)

    def names(**wanted):
        return [each["Name"] for each in pipes.list_pipes(**wanted)["Pipes"]]

    assert names() == ["a", "b", "c"]
    assert names(NamePrefix="b") == ["b"]
    assert names(CurrentState="STOPPED") == names(DesiredState="STOPPED") == ["c"]
    assert names(TargetPrefix=FUNCTION) == ["a", "b"]
    assert names(SourcePrefix=f"{QUEUE}-") == ["c"]
    pages = pipes.get_paginator("list_pipes").paginate(PaginationConfig={"PageSize": 2})
    assert [len(page["Pipes"]) for page in pages] == [2, 1]


@pytest.mark.parametrize("wrong", [
    {"source": "arn:aws:s3:::bucket"},
    {"source": STREAM},  # without where to start
    {"target": "arn:aws:s3:::bucket"},
    {"target": f"arn:aws:ecs:{BASE}:cluster/c"},  # without a task
    {"Enrichment": QUEUE},
    {"SourceParameters": filters('{"body": "x"}')},
    {"TargetParameters": {"InputTemplate": "<$.body..x>"}},
    {"TargetParameters": {"InputTemplate": "<aws.pipes.nothing>"}},
    # more at once than the target takes. Source: "Batching and concurrency"
    {"target": f"{QUEUE}-2", "SourceParameters": {"SqsQueueParameters": {"BatchSize": 11}}},
    {"target": f"arn:aws:codebuild:{BASE}:project/p",
     "SourceParameters": {"SqsQueueParameters": {"BatchSize": 2}}},
])  # fmt: skip
def test_what_cannot_be_is_refused_and_changes_nothing(pipes, wrong):
    assert refused(create, pipes, **wrong) == 400
    assert pipes.list_pipes()["Pipes"] == []


def test_names_are_taken_and_missed(pipes):
    create(pipes)
    assert refused(create, pipes) == 409
    assert refused(pipes.delete_pipe, Name="x") == 404


def test_tags(pipes):
    arn = create(pipes)["Arn"]
    pipes.tag_resource(resourceArn=arn, tags={"a": "1", "b": "2"})
    pipes.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert pipes.list_tags_for_resource(resourceArn=arn)["tags"] == {"b": "2"}
    assert refused(pipes.list_tags_for_resource, resourceArn=f"{arn}x") == 404
