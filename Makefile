# The verbs that people try first. `npm start` needs none of it: all of PX on this machine's Node, without Docker.
.DEFAULT_GOAL := help
.PHONY: help up down logs provision staging-up staging-down staging-logs images start test check bench

COMPOSE := docker compose --file docker/compose.yml
STAGING := docker compose --file docker/compose.staging.yml

help: ## what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 16

up: ## starts all of it in containers, for development: http://127.0.0.1:8000
	$(COMPOSE) up --build --detach --wait --wait-timeout 300 grafana processor server
	$(COMPOSE) run --rm provision

down: ## stops it, and keeps what is stored
	$(COMPOSE) down

logs: ## follows what server and processor log
	$(COMPOSE) logs --follow --tail 100 server processor

provision: ## tenants, projects and keys: make provision ARGS='key list --project prj_...'
	$(COMPOSE) exec server node server/src/provision/main.ts $(ARGS)

staging-up: ## starts two servers behind a balancer and three processors; wants docker/.env
	$(STAGING) up --build --detach --wait --wait-timeout 300

staging-down: ## stops them, and keeps what is stored
	$(STAGING) down

staging-logs: ## follows what they log
	$(STAGING) logs --follow --tail 100 server-1 server-2 processor

images: ## builds the three images
	docker build --file docker/Dockerfile --target standalone --tag px/standalone .
	docker build --file docker/Dockerfile --target server --tag px/server .
	docker build --file docker/Dockerfile --target processor --tag px/processor .

start: ## runs all of it without containers
	npm start

test: ## runs the tests
	npm test

check: ## checks format, types, fences and docs
	npm run check

bench: ## measures; ARGS='sdk' measures the SDK alone
	npm run bench -- $(ARGS)
