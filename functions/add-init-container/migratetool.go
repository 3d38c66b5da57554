package initcontainer

// tool migrates databases.
type tool struct {
	name     string // and row of the table of images
	size     size
	dir      string // of the migrations
	command  string // words; what the user adds goes in front of the last one
	noShell  bool   // the image has none, and its entrypoint is the tool
	unlocked bool   // it does not lock the database
	stuck    string // what a run that was stopped leaves, and what helps

	url, user, password string // names of its variables; "": it takes none
}

// migrationTools is the table. Tools that take the URL as an argument get it by
// $(NAME), which the kubelet fills in.
func migrationTools() []tool {
	return []tool{
		{name: "golang-migrate", size: medium, dir: "/migrations", url: "DATABASE_URL",
			command: "migrate -path={dir} -database=$(DATABASE_URL) -lock-timeout=60 up",
			stuck:   "marks the version in schema_migrations as dirty, and no later run goes on; mend the database, then run migrate force VERSION"},
		{name: "flyway", size: jvm(), dir: "/flyway/sql", url: "FLYWAY_URL", user: "FLYWAY_USER", password: "FLYWAY_PASSWORD",
			command: "flyway -locations=filesystem:{dir} -connectRetries=60 migrate"},
		{name: "liquibase", size: jvm(), dir: "/liquibase/changelog",
			url: "LIQUIBASE_COMMAND_URL", user: "LIQUIBASE_COMMAND_USERNAME", password: "LIQUIBASE_COMMAND_PASSWORD",
			command: "liquibase --search-path={dir} --changelog-file={changelog} update",
			stuck:   "leaves its lock in the table DATABASECHANGELOGLOCK, for which later runs wait five minutes and fail; when none is at work, run liquibase release-locks"},
		{name: "atlas", size: medium, dir: "/migrations", url: "DATABASE_URL", noShell: true,
			command: "migrate apply --dir=file://{dir} --url=$(DATABASE_URL) --lock-timeout=60s"},
		{name: "dbmate", size: medium, dir: "/db/migrations", url: "DATABASE_URL", unlocked: true,
			command: "dbmate --migrations-dir={dir} --no-dump-schema --wait up"},
	}
}

func jvm() size { return size{"100m", "192Mi", "1", "512Mi"} }

// migrationTool returns the row of a tool.
func migrationTool(name string) (tool, bool) {
	for _, t := range migrationTools() {
		if t.name == name {
			return t, true
		}
	}
	return tool{}, false
}

func toolNames() []string {
	var names []string
	for _, t := range migrationTools() {
		names = append(names, t.name)
	}
	return names
}
