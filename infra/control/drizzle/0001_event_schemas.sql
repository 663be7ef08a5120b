CREATE TABLE "event_schemas" (
	"project_id" text NOT NULL,
	"event" text NOT NULL,
	"mode" text NOT NULL,
	"schema" json NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "event_schemas_project_id_event_pk" PRIMARY KEY("project_id","event"),
	CONSTRAINT "event_schemas_mode" CHECK ("event_schemas"."mode" in ('off', 'warn', 'reject'))
);
--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "plan_version" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "event_schemas" ADD CONSTRAINT "event_schemas_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;