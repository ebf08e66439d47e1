package config

import "regexp"

const (
	oldestPostgres     = 15
	productionReplicas = 2
	// Sources: RDS, CreateDBInstance; ElastiCache, CreateReplicationGroup.
	minWindowMinutes, minRedisWindowMinutes = 30, 60
)

// postgres checks the database against AWS and the readiness guide.
func (v validator) postgres() {
	const path = "data.postgres"
	db := v.Config.Data.Postgres
	if v.readable(path+".engineVersion") && db.EngineVersion.Major < oldestPostgres {
		v.refuse(path+".engineVersion", "PostgreSQL %s is too old; the portal needs %d or newer (readiness guide, Database Systems)", db.EngineVersion, oldestPostgres)
	}
	if v.readable(path+".publiclyAccessible") && db.PubliclyAccessible {
		v.refuse(path+".publiclyAccessible", "a data store may never be public; remove the key")
	}
	// RDS asks for 10 percent more, or storage autoscaling is refused.
	if least := db.StorageGiB + (db.StorageGiB+9)/10; v.readable(path+".storageGiB", path+".maxStorageGiB") && db.MaxStorageGiB < least {
		v.refuse(path+".maxStorageGiB", "%d GiB leaves no room to grow from storageGiB: %d%s; RDS needs %d or more", db.MaxStorageGiB, db.StorageGiB, v.line(path+".storageGiB"), least)
	}
	v.windows(path, "backupWindow", db.BackupWindow, db.MaintenanceWindow, minWindowMinutes)
	if !v.production() {
		return
	}
	if v.readable(path+".multiAz") && !db.MultiAZ {
		v.refuse(path+".multiAz", "production needs a standby in another zone: set multiAz: true (readiness guide, Database Systems)")
	}
	if v.readable(path+".replicas") && db.Replicas < productionReplicas {
		v.refuse(path+".replicas", "has %d; production needs %d or more read replicas (deployment guide, Infrastructure Architecture)", db.Replicas, productionReplicas)
	}
	v.notBurstable(path+".instanceClass", string(db.InstanceClass))
	if db.ReplicaClass != nil {
		v.notBurstable(path+".replicaClass", string(*db.ReplicaClass))
	}
}

// windows checks that backups and maintenance are long enough and apart.
func (v validator) windows(path, dailyKey string, daily DailyWindow, weekly WeeklyWindow, shortest int) {
	dailyPath, weeklyPath := path+"."+dailyKey, path+".maintenanceWindow"
	dailyRead, weeklyRead := v.readable(dailyPath), v.readable(weeklyPath)
	if dailyRead && daily.Minutes() < shortest {
		v.refuse(dailyPath, "%s is %d minutes; AWS needs %d or more", daily, daily.Minutes(), shortest)
	}
	if weeklyRead && weekly.Minutes() < shortest {
		v.refuse(weeklyPath, "%s is %d minutes; AWS needs %d or more", weekly, weekly.Minutes(), shortest)
	}
	// AWS documents 24 hours as the longest maintenance window.
	tooLong := weekly.Minutes() > minutesPerDay
	if weeklyRead && tooLong {
		v.refuse(weeklyPath, "%s is %d hours; AWS allows 24 (is the end before the start?)", weekly, weekly.Minutes()/60)
	}
	if dailyRead && weeklyRead && !tooLong && weekly.OverlapsDaily(daily) {
		v.refuse(weeklyPath, "%s overlaps %s %s%s; AWS refuses that: move one of them", weekly, dailyKey, daily, v.line(dailyPath))
	}
}

var burstable = regexp.MustCompile(`^(db\.|cache\.)?t[0-9]`)

// notBurstable refuses classes whose processor is throttled when its credits
// are spent.
func (v validator) notBurstable(path, class string) {
	if v.readable(path) && burstable.MatchString(class) {
		v.refuse(path, "%s is burstable, which throttles under steady load; production needs another family, such as m or r", quote(class))
	}
}
