# METADATA
# title: Every data store is in a backup plan
# description: >-
#   A store that no backup selection names is restored from nothing once its own
#   snapshots are deleted along with it.
# related_resources:
# - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
# custom:
#   severity: high
#   remediation: |
#     Name the store, or a tag that it has, in a selection of the plan:
#       backup.NewSelection(ctx, "stores", &backup.SelectionArgs{PlanId: plan.ID(), IamRoleArn: role.Arn,
#         Resources: pulumi.StringArray{instance.Arn, files.Arn}})
#   frameworks:
#     NIST 800-53: [CP-9]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.13]
#     Guide: ["readiness: Backup Strategy", "deployment: Set up backup procedures"]
#   subjects:
#   - aws:rds/instance:Instance
#   - aws:rds/cluster:Cluster
#   - aws:efs/fileSystem:FileSystem
#   - aws:dynamodb/table:Table
#   resource_types:
#   - aws:rds/instance:Instance
#   - aws:rds/cluster:Cluster
#   - aws:efs/fileSystem:FileSystem
#   - aws:dynamodb/table:Table
#   - aws:backup/selection:Selection
#   reads:
#     aws:rds/*: [replicateSourceDb]
#     aws:backup/selection:Selection: [resources, notResources]
#   contents:
#     aws:rds/*: [tags]
#     aws:efs/fileSystem:FileSystem: [tags]
#     aws:dynamodb/table:Table: [tags]
#     aws:backup/selection:Selection: [selectionTags, conditions]
package gatehouse.graph.backup_coverage

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": [], "message": "no backup selection chooses the store"} if {
	some kind, prefix in stores
	some r in graph.of(kind)
	not replica(r)
	not chosen(r, prefix)
}

# stores and how the ARNs of each begin, without partition, region and account.
stores := {
	"dynamodb/Table": ["dynamodb", "table/"],
	"efs/FileSystem": ["elasticfilesystem", "file-system/"],
	"rds/Cluster": ["rds", "cluster:"],
	"rds/Instance": ["rds", "db:"],
}

replica(r) if r.properties.replicateSourceDb

replica(r) if count(r.links.replicateSourceDb) > 0

chosen(r, prefix) if {
	some selection in graph.of("backup/Selection")
	reaches(selection, r, prefix)
	conditions_hold(selection, r)
	not r.urn in object.get(selection.links, "notResources", [])
}

reaches(selection, r, _) if r.urn in selection.links.resources

reaches(selection, r, prefix) if {
	some pattern in selection.properties.resources
	covers(pattern, r, prefix)
}

reaches(selection, r, _) if {
	some tag in selection.properties.selectionTags
	r.properties.tags[tag.key] == tag.value
}

covers("*", _, _)

covers(pattern, r, _) if {
	contains(pattern, "*")
	glob.match(pattern, [], r.outputs.arn)
}

# Before creation an ARN is unknown, but a pattern for a whole kind holds for it.
covers(pattern, r, prefix) if {
	not r.outputs.arn
	parts := split(pattern, ":")
	parts[2] == prefix[0]
	concat(":", array.slice(parts, 5, count(parts))) in {"*", concat("", [prefix[1], "*"])}
}

conditions_hold(selection, r) if {
	every condition in object.get(selection.properties, "conditions", []) {
		every want in object.get(condition, "stringEquals", []) {
			r.properties.tags[trim_prefix(want.key, "aws:ResourceTag/")] == want.value
		}
		every want in object.get(condition, "stringNotEquals", []) {
			object.get(object.get(r.properties, "tags", {}), trim_prefix(want.key, "aws:ResourceTag/"), null) != want.value
		}
		every want in object.get(condition, "stringLikes", []) {
			glob.match(want.value, [], r.properties.tags[trim_prefix(want.key, "aws:ResourceTag/")])
		}
	}
}
