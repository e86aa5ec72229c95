"""The errors of deliveries of other services' logs.

Sources: recordings (LocalStack's snapshots) of what isn't there; other wordings are unverified.
"""

from __future__ import annotations

from awsmon.logs.errors import ResourceNotFoundException, ValidationException
from awsmon.logs.query_errors import ConflictException

__all__ = ["DeliveryConflict", "InvalidDelivery", "NoSuchDelivery"]


class NoSuchDelivery(ResourceNotFoundException):
    """No such source, destination, delivery or resource."""

    @classmethod
    def source(cls) -> NoSuchDelivery:
        """An unknown source."""
        return cls("Requested Delivery Source does not exist in this account.")

    @classmethod
    def destination(cls) -> NoSuchDelivery:
        """An unknown destination."""
        return cls("Requested Delivery Destination does not exist in this account.")

    @classmethod
    def delivery(cls) -> NoSuchDelivery:
        """An unknown delivery."""
        return cls("Requested Delivery does not exist in this account.")

    @classmethod
    def service(cls) -> NoSuchDelivery:
        """PutDeliverySource: a resource of a service without such logs."""
        return cls("Cannot access provided service.")

    @classmethod
    def policy(cls) -> NoSuchDelivery:
        """DeleteDeliveryDestinationPolicy, where there is none."""
        return cls("Requested Delivery Destination Policy does not exist in this account.")


class DeliveryConflict(ConflictException):
    """It is there already, or still in use."""

    @classmethod
    def exists(cls) -> DeliveryConflict:
        """CreateDelivery: from this source to a destination of that type."""
        return cls("Delivery already exists for this source and destination type.")

    @classmethod
    def in_use(cls, what: str) -> DeliveryConflict:
        """A source or destination that has deliveries."""
        return cls(f"{what} cannot be deleted or changed while it is associated with a delivery.")


class InvalidDelivery(ValidationException):
    """What can't be delivered, or not so."""

    @classmethod
    def arn(cls, arn: str) -> InvalidDelivery:
        """Not the ARN of something that gets or gives logs."""
        return cls(f"The ARN {arn} is not valid.")

    @classmethod
    def log_type(cls, log_type: str, service: str) -> InvalidDelivery:
        """PutDeliverySource: a type that the service's resources don't write."""
        return cls(f"The log type {log_type} is not valid for {service}.")

    @classmethod
    def configuration(cls) -> InvalidDelivery:
        """PutDeliveryDestination: a destination other than X-Ray needs one."""
        return cls("deliveryDestinationConfiguration is required.")

    @classmethod
    def format(cls, output_format: str, destination: str) -> InvalidDelivery:
        """CreateDelivery: the destination's format isn't one of the source's."""
        return cls(f"The output format {output_format} is not valid for {destination}.")

    @classmethod
    def field(cls, name: str) -> InvalidDelivery:
        """CreateDelivery: no field of such records."""
        return cls(f"The record field {name} is not valid.")

    @classmethod
    def s3_only(cls) -> InvalidDelivery:
        """CreateDelivery: a path in a bucket, where there is none."""
        return cls("s3DeliveryConfiguration is only valid for deliveries to S3.")

    @classmethod
    def policy(cls) -> InvalidDelivery:
        """PutDeliveryDestinationPolicy: no policy."""
        return cls("The delivery destination policy is not valid.")
