CREATE TABLE "keys" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"kind" text NOT NULL,
	"mode" text NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"secret_sha256" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"rate_per_minute" integer,
	CONSTRAINT "keys_secret_sha256_unique" UNIQUE("secret_sha256"),
	CONSTRAINT "keys_kind" CHECK ("keys"."kind" in ('pub', 'srv')),
	CONSTRAINT "keys_mode" CHECK ("keys"."mode" in ('live', 'test')),
	CONSTRAINT "keys_scopes" CHECK ("keys"."scopes" <@ array['events:write', 'audit:write', 'query:read', 'admin'])
);
--> statement-breakpoint
CREATE TABLE "projects" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"name" text NOT NULL,
	"origins" text[] NOT NULL,
	"ip_policy" text NOT NULL,
	"retention_days" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "projects_tenant_name" UNIQUE("tenant_id","name"),
	CONSTRAINT "projects_ip_policy" CHECK ("projects"."ip_policy" in ('drop', 'truncate', 'keep'))
);
--> statement-breakpoint
CREATE TABLE "tenants" (
	"id" text PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"tier" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "tenants_slug_unique" UNIQUE("slug"),
	CONSTRAINT "tenants_tier" CHECK ("tenants"."tier" in ('free', 'pro', 'enterprise'))
);
--> statement-breakpoint
ALTER TABLE "keys" ADD CONSTRAINT "keys_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "projects" ADD CONSTRAINT "projects_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "keys_project" ON "keys" USING btree ("project_id");