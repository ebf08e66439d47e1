# METADATA
# title: RDS storage grows by itself
# description: >-
#   A full disk stops the database, and it does so at night; autoscaling buys the
#   time to look.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
# custom:
#   severity: low
#   remediation: |
#     Allow growth up to a size that you can pay:
#       rds.InstanceArgs{AllocatedStorage: pulumi.Int(100), MaxAllocatedStorage: pulumi.Int(500)}
#   frameworks:
#     NIST 800-53: [SC-5, CP-2(2)]
#     SOC 2: [A1.1]
#     ISO 27001: [A.8.6]
#     Guide: ['readiness: PostgreSQL']
#   resource_types: ['aws:rds/instance:Instance']
#   reads: [maxAllocatedStorage, allocatedStorage]
package gatehouse.aws.rds.storage_grows

deny contains {"path": ["maxAllocatedStorage"], "message": "storage autoscaling is off"} if most == 0

deny contains {"path": ["maxAllocatedStorage"], "message": message} if {
	most > 0
	first := to_number(input.properties.allocatedStorage)
	most <= first
	message := sprintf("storage starts with %v GiB and may not grow beyond %v", [first, most])
}

most := to_number(object.get(input.properties, "maxAllocatedStorage", 0))
