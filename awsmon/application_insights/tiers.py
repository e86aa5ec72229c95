"""What Application Insights recommends to watch, as tables.

Lives here: `Tier` and `TIERS`, what a workload adds; and `METRICS`, what is recommended of each
type of resource. How they become a configuration is `recommending.py`'s.
Source: User Guide, "Recommended metrics", "Performance Counter metrics", "Logs and metrics
supported", "Component configuration examples"; the AWS CLI's example for a Windows instance. What
SAP's, Oracle's and SharePoint's tiers recommend is a selection from what they support.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["LINUX", "METRICS", "TIERS", "WINDOWS", "Tier"]

WINDOWS = (
    "CPUUtilization", "StatusCheckFailed", "Processor % Processor Time",
    "Memory % Committed Bytes In Use", "LogicalDisk % Free Space", "Memory Available Mbytes",
)  # fmt: skip
"""Of an instance, as the AWS CLI's example has them."""
LINUX = ("CPUUtilization", "StatusCheckFailed", "disk_used_percent", "mem_used_percent")

METRICS: dict[str, tuple[str, ...]] = {
    "AWS::EC2::Volume": ("BurstBalance",),
    "AWS::ElasticLoadBalancing::LoadBalancer": (
        "HTTPCode_Backend_4XX", "HTTPCode_Backend_5XX", "Latency", "SurgeQueueLength",
        "UnHealthyHostCount"),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": (
        "HTTPCode_Target_4XX_Count", "HTTPCode_Target_5XX_Count", "TargetResponseTime",
        "UnHealthyHostCount"),
    "AWS::RDS::DBInstance": ("CPUUtilization", "ReadLatency", "WriteLatency", "BurstBalance",
                             "FreeableMemory"),
    "AWS::RDS::DBCluster": ("CPUUtilization", "CommitLatency", "DatabaseConnections", "Deadlocks",
                            "FreeableMemory"),
    "AWS::DynamoDB::Table": (
        "SystemErrors", "UserErrors", "ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits",
        "ReadThrottleEvents", "WriteThrottleEvents", "ConditionalCheckFailedRequests",
        "TransactionConflict"),
    "AWS::Lambda::Function": (
        "Duration", "Errors", "IteratorAge", "ProvisionedConcurrencySpilloverInvocations",
        "Throttles"),
    "AWS::SQS::Queue": ("ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible",
                        "NumberOfMessagesSent"),
    "AWS::SNS::Topic": (
        "NumberOfNotificationsFailed", "NumberOfNotificationsFilteredOut-InvalidAttributes",
        "NumberOfNotificationsRedrivenToDlq", "NumberOfNotificationsFailedToRedriveToDlq"),
    "AWS::S3::Bucket": ("4xxErrors", "5xxErrors", "FirstByteLatency", "TotalRequestLatency"),
    "AWS::StepFunctions::StateMachine": (
        "ExecutionThrottled", "ExecutionsAborted", "ExecutionsFailed", "ExecutionsTimedOut"),
    "AWS::ECS::Cluster": ("CpuUtilized", "MemoryUtilized", "NetworkRxBytes", "NetworkTxBytes",
                          "RunningTaskCount", "StorageReadBytes", "StorageWriteBytes"),
    "AWS::ECS::Service": ("CPUUtilization", "MemoryUtilization", "CpuUtilized", "MemoryUtilized",
                          "RunningTaskCount"),
    "AWS::EKS::Cluster": (
        "cluster_failed_node_count", "node_cpu_utilization", "node_filesystem_utilization",
        "node_memory_utilization", "pod_cpu_utilization", "pod_memory_utilization"),
    "AWS::FSx::FileSystem": ("DataReadBytes", "DataWriteBytes", "FreeStorageCapacity"),
}  # fmt: skip


class Tier(NamedTuple):
    """What a workload adds to what is recommended of a resource.

    Attributes:
        metrics: of the agent.
        logs: type and path of each.
        events: further Windows event channels.
        exporter: the section that its metrics need, with what it has unasked.
    """

    metrics: tuple[str, ...] = ()
    logs: tuple[tuple[str, str], ...] = ()
    events: tuple[str, ...] = ()
    exporter: tuple[str, dict[str, str]] | None = None


_NET = (
    ".NET CLR Exceptions # of Exceps Thrown/Sec", ".NET CLR Memory % Time in GC",
    ".NET CLR LocksAndThreads Contention Rate/Sec",
)  # fmt: skip
_NET_WEB = (
    *_NET, "ASP.NET Application Restarts", "ASP.NET Requests Queued", "ASP.NET Requests Rejected",
    "ASP.NET Applications Requests in Application Queue",
    "HTTP Service Request Queues CurrentQueueSize",
)  # fmt: skip
_IIS = (("IIS", r"C:\inetpub\logs\LogFiles\W3SVC*\u_ex*.log"),)
_SQL = (
    "SQLServer:General Statistics Processes Blocked",
    "SQLServer:General Statistics User Connections",
    "SQLServer:Buffer Manager Buffer cache hit Ratio",
    "SQLServer:Buffer Manager Page life Expectancy", "SQLServer:Locks Number of Deadlocks/Sec",
    "SQLServer:Memory Manager Memory Grants Pending",
)  # fmt: skip
_SQL_LOG = r"C:\Program Files\Microsoft SQL Server\MSSQL**.MSSQLSERVER\MSSQL\Log\ERRORLOG"
_REPLICA = (
    "SQLServer:Database Replica Log Send Queue", "SQLServer:Database Replica Recovery Queue",
    "SQLServer:Database Replica Transaction Delay",
)  # fmt: skip
_JAVA = (
    "java_lang_threading_threadcount", "java_lang_classloading_loadedclasscount",
    "java_lang_memory_heapmemoryusage_used", "java_lang_memory_heapmemoryusage_committed",
    "java_lang_operatingsystem_freephysicalmemorysize",
    "java_lang_operatingsystem_freeswapspacesize",
)  # fmt: skip
_HANA = (
    "hanadb_server_startup_time_variations_seconds", "hanadb_level_5_alerts_count",
    "hanadb_level_4_alerts_count", "hanadb_out_of_memory_events_count",
    "hanadb_max_trigger_read_ratio_percent", "hanadb_table_allocation_limit_used_percent",
    "hanadb_cpu_usage_percent", "hanadb_plan_cache_hit_ratio_percent",
    "hanadb_last_data_backup_age_days",
)  # fmt: skip
_HANA_LOGS = (("SAP_HANA_TRACE", "/usr/sap/<SID>/HDB*/*/trace/*.trc"),
              ("SAP_HANA_LOGS", "/usr/sap/<SID>/HDB*/*/trace/*.log"))  # fmt: skip
_HANA_EXPORTER = ("hanaPrometheusExporter", {"prometheusPort": "9668"})
_PACEMAKER = ("SAP_HANA_HIGH_AVAILABILITY", "/var/log/pacemaker/pacemaker.log")
_ASE = (
    "asedb_database_availability", "asedb_trunc_log_on_chkpt_enabled",
    "asedb_last_db_backup_age_days", "asedb_last_transaction_log_backup_age_hours",
    "asedb_db_space_usage_percent", "asedb_db_log_space_usage_percent",
)  # fmt: skip
_NETWEAVER = (
    "sap_alerts_ResponseTime", "sap_alerts_FrontendResponseTime", "sap_alerts_Shortdumps",
    "sap_start_service_processes", "sap_dispatcher_queue_now", "sap_enqueue_server_locks_state",
)  # fmt: skip
_NETWEAVER_TIER = Tier(
    _NETWEAVER, (("SAP_NETWEAVER_DEV_TRACE_LOGS", "/usr/sap/*/*/work/dev_w*"),), (),
    ("netWeaverPrometheusExporter", {"prometheusPort": "9680"}),
)  # fmt: skip
_ASE_TIER = Tier(_ASE, (("SAP_ASE_SERVER_LOGS", "/sybase/*/ASE-*/install/*.log"),))
_HANA_TIER = Tier(_HANA, _HANA_LOGS, (), _HANA_EXPORTER)

TIERS: dict[str, Tier] = {
    "CUSTOM": Tier(),
    "DEFAULT": Tier(logs=(("APPLICATION", ""),)),
    "DOT_NET_CORE": Tier(_NET, (("APPLICATION", ""),)),
    "DOT_NET_WORKER": Tier(_NET, (("APPLICATION", ""),)),
    "DOT_NET_WEB": Tier(_NET_WEB, (("APPLICATION", ""), *_IIS)),
    "DOT_NET_WEB_TIER": Tier(_NET_WEB, (("APPLICATION", ""), *_IIS)),
    "SQL_SERVER": Tier(_SQL, (("SQL_SERVER", _SQL_LOG),)),
    "SQL_SERVER_ALWAYSON_AVAILABILITY_GROUP": Tier(
        (*_SQL, *_REPLICA), (("SQL_SERVER_ALWAYSON_AVAILABILITY_GROUP", _SQL_LOG),)),
    "SQL_SERVER_FAILOVER_CLUSTER_INSTANCE": Tier(
        _SQL, (("SQL_SERVER_FAILOVER_CLUSTER_INSTANCE", _SQL_LOG),)),
    "MYSQL": Tier((), (("MYSQL", ""), ("MYSQL_SLOW_QUERY", ""))),
    "POSTGRESQL": Tier((), (("POSTGRESQL", ""),)),
    "ORACLE": Tier((), (("ORACLE_ALERT", ""), ("ORACLE_LISTENER", ""))),
    "JAVA_JMX": Tier(_JAVA, (("APPLICATION", ""),), (),
                     ("JMXPrometheusExporter", {"prometheusPort": "9404"})),
    "SAP_HANA_SINGLE_NODE": _HANA_TIER,
    "SAP_HANA_MULTI_NODE": _HANA_TIER,
    "SAP_HANA_HIGH_AVAILABILITY": Tier(
        (*_HANA, "ha_cluster_pacemaker_stonith_enabled"), (*_HANA_LOGS, _PACEMAKER), (),
        _HANA_EXPORTER),
    "SAP_ASE_SINGLE_NODE": _ASE_TIER,
    "SAP_ASE_HIGH_AVAILABILITY": _ASE_TIER,
    "SAP_NETWEAVER_STANDARD": _NETWEAVER_TIER,
    "SAP_NETWEAVER_DISTRIBUTED": _NETWEAVER_TIER,
    "SAP_NETWEAVER_HIGH_AVAILABILITY": _NETWEAVER_TIER,
    "ACTIVE_DIRECTORY": Tier(
        ("DirectoryServices DRA Pending Replication Operations", "DirectoryServices LDAP Bind Time",
         "DNS Recursive Query Failure/sec", "Database ==> Instances Database Cache % Hit"),
        (), ("Directory Service", "DNS Server")),
    "SHAREPOINT": Tier(
        (*_NET_WEB, "SharePoint Disk-Based Cache Blob cache hit ratio",
         "SharePoint Foundation Executing Time/Page Request"),
        (("APPLICATION", ""), *_IIS), ("Microsoft-SharePoint Products-Shared/Operational",)),
}  # fmt: skip
