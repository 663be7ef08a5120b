import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadTakesSetting, type Program } from '../known-settings.ts';
import { parseYaml, readText } from '../read-yaml.ts';
import { checkCompose } from './check-compose.ts';
import { listVariables, readCompose, type Service } from './compose-file.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const takesSetting = await loadTakesSetting();
const exampleNames = [...readText('docker/.env.example').matchAll(/^([A-Z][A-Z0-9_]*)=/gm)].map(
  ([, name = '']) => name,
);
const variables = Object.fromEntries(
  exampleNames.filter((name) => /PASSWORD|TOKEN/.test(name)).map((name) => [name, `the-${name}`]),
);

const dev = readCompose('docker/compose.yml', {});
const staging = readCompose('docker/compose.staging.yml', variables);
const files = [
  { name: 'compose.yml', file: dev },
  { name: 'compose.staging.yml', file: staging },
];
const stages = [...readText('docker/Dockerfile').matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, name]) => name);

describe.each(files)('$name', ({ name, file }) => {
  const services = Object.entries(file.services);
  const ofPx = services.filter(([, { image }]) => image.startsWith('px/'));

  it('is what the Compose specification allows', () => {
    expect(checkCompose(file)).toEqual([]);
  });

  it('gives our processes settings that they take', () => {
    expect(ofPx.flatMap(([, { environment = {} }]) => Object.keys(environment)).length).toBeGreaterThan(5);
    expect(findUnknownSettings(file.services)).toEqual([]);
  });

  it('names only what is there: files, folders, stages, volumes, services', () => {
    const missing = services.flatMap(([service, { build, command = [], volumes = [], depends_on = {} }]) =>
      [
        ...[build?.dockerfile, ...command.filter((word) => /^docker\/|\.mjs$/.test(word))].filter(
          (path) => path !== undefined && !existsSync(`${root}${path}`),
        ),
        ...(build !== undefined && !stages.includes(build.target) ? [build.target] : []),
        ...volumes
          .map((volume) => volume.split(':')[0] ?? '')
          .filter((source) =>
            source.startsWith('.') ? !existsSync(`${root}docker/${source}`) : !(source in file.volumes),
          ),
        ...Object.keys(depends_on).filter((other) => !(other in file.services)),
      ].map((what) => `${service}: ${what}`),
    );
    expect(missing).toEqual([]);
    expect(services.flatMap(([, { build }]) => (build ? [build.context] : []))).toEqual(expect.arrayContaining(['..']));
  });

  it('uses every volume that it declares, each in one service', () => {
    const used = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0] ?? ''));
    expect(used.filter((source) => !source.startsWith('.')).sort()).toEqual(Object.keys(file.volumes).sort());
  });

  it('starts each service once what it needs is healthy, and can tell of each whether it is', () => {
    expect(services.filter(([service]) => !tellsHealth(service, file.services)).map(([service]) => service)).toEqual(
      name === 'compose.yml' ? ['provision'] : [],
    );
    const needs = services.flatMap(([, { depends_on = {} }]) => Object.values(depends_on));
    expect(needs.map(({ condition }) => condition)).toEqual(needs.map(() => 'service_healthy'));
    const needing = Object.fromEntries(
      services.map(([service, { depends_on = {} }]) => [service, Object.keys(depends_on)]),
    );
    expect(needing['processor']).toEqual(['kafka', 'clickhouse']);
    for (const [service] of services.filter(([, { image }]) => image.startsWith('px/server'))) {
      if (service !== 'provision') expect(needing[service]).toEqual(['kafka', 'clickhouse', 'postgres', 'redis']);
    }
  });

  it('confines each container of ours, and lets it end in peace', () => {
    for (const [service, confined] of ofPx) {
      expect(confined, service).toMatchObject({
        read_only: true,
        init: true,
        tmpfs: ['/tmp'],
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
      if (service === 'provision') continue;
      const drainMs = Number(confined.environment?.['DRAIN_TIMEOUT_MS'] ?? 8_000);
      // A server answers for 10 s what it has taken; both close their connections after.
      expect(toMs(confined.stop_grace_period), service).toBeGreaterThan(Math.max(drainMs, 10_000) + 5_000);
    }
  });

  it('pins every image to a version, and opens ports to this machine alone', () => {
    const foreign = services.filter(([, { image }]) => !image.startsWith('px/'));
    expect(foreign.filter(([, { image }]) => !/:v?\d+(\.\d+)+(-[a-z]+)?$/.test(image))).toEqual([]);
    const ports = services.flatMap(([, { ports: opened = [] }]) => opened);
    expect(ports.length).toBeGreaterThan(0);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('says in every address a service that is there, with the password that it was given', () => {
    const { clickhouse, postgres } = file.services;
    for (const [service, { environment = {} }] of ofPx) {
      for (const [setting, value] of Object.entries(environment)) {
        if (!setting.endsWith('_URL')) continue;
        const url = new URL(String(value));
        expect(hostsOf(file.services), `${service} ${setting}`).toContain(url.hostname);
        if (setting === 'CLICKHOUSE_URL') expect(toAccount(url)).toEqual(accountOf(clickhouse, 'CLICKHOUSE'));
        if (setting === 'DATABASE_URL') expect(toAccount(url)).toEqual(accountOf(postgres, 'POSTGRES'));
      }
    }
    const brokers = new Set(ofPx.flatMap(([, { environment }]) => environment?.['KAFKA_BOOTSTRAP_SERVERS'] ?? []));
    expect([...brokers]).toEqual(['kafka:9092']);
    expect(file.services['kafka']?.environment?.['KAFKA_ADVERTISED_LISTENERS']).toBe('PLAINTEXT://kafka:9092');
  });

  it('has a name for everyone that Prometheus asks', () => {
    const text = readText('docker/prometheus/prometheus.yml');
    const asked = [...text.matchAll(/names: \[([\w-]+)\]/g)].map(([, host = '']) => host);
    expect(asked).toEqual(['server', 'processor']);
    expect(hostsOf(file.services)).toEqual(expect.arrayContaining([...asked, 'prometheus']));
  });
});

describe('compose.staging.yml', () => {
  it.each(listVariables('docker/compose.staging.yml').demanded)('refuses a start without %s', (name) => {
    const { [name]: _, ...others } = variables;
    expect(() => readCompose('docker/compose.staging.yml', others)).toThrow(`required variable ${name} is missing`);
    expect(() => readCompose('docker/compose.staging.yml', { ...others, [name]: '' })).toThrow(name);
  });

  it('demands every secret, and takes none from a file', () => {
    const { names, demanded } = listVariables('docker/compose.staging.yml');
    expect(demanded).toEqual(Object.keys(variables).sort());
    expect(names).toEqual(exampleNames.toSorted());
    expect(readText('docker/compose.staging.yml')).not.toContain('dev-only');
    expect(readText('docker/.env.example')).not.toMatch(/=./);
  });

  it('runs two servers behind the balancer, each with a spool of its own, and three processors', () => {
    const { 'server-1': one, 'server-2': two, processor, balancer } = staging.services;
    expect([one?.volumes, two?.volumes]).toEqual([['spool-1:/var/lib/px'], ['spool-2:/var/lib/px']]);
    expect(processor?.deploy?.replicas).toBe(3);
    expect(Object.keys(balancer?.depends_on ?? {})).toEqual(['server-1', 'server-2']);
    const asked = [...readText('docker/balancer/haproxy.cfg').matchAll(/^ {4}server (\S+) (\S+)$/gm)];
    expect(asked.map(([, name, address]) => [name, address])).toEqual([
      ['server-1', 'server-1:8000'],
      ['server-2', 'server-2:8000'],
    ]);
    expect(Number(processor?.environment?.['KAFKA_TOPIC_PARTITIONS'])).toBeGreaterThanOrEqual(3);
  });

  it('bounds memory and CPU of every container', () => {
    const unbounded = Object.entries(staging.services).filter(([, { deploy }]) => {
      const limits = deploy?.resources.limits;
      return !(Number(limits?.cpus) > 0 && /^\d+[MG]$/.test(limits?.memory ?? ''));
    });
    expect(unbounded.map(([service]) => service)).toEqual([]);
  });

  it('runs the same programs as compose.yml', () => {
    const imagesOf = (services: Readonly<Record<string, Service>>) =>
      Object.values(services).flatMap(({ image }) => (image.startsWith('px/') ? [] : [image]));
    expect(imagesOf(staging.services)).toEqual(expect.arrayContaining(imagesOf(dev.services)));
  });
});

describe('compose.yml', () => {
  it('takes its settings from no environment: `docker compose up` is all', () => {
    expect(listVariables('docker/compose.yml').names).toEqual([]);
  });

  it('runs the ClickHouse that is inside `npm start`', () => {
    const [engine = ''] = readdirSync(`${root}node_modules/.pnpm`).filter((name) => name.startsWith('@chdb+lib-linux'));
    const [, version] = /@(\d+\.\d+\.\d+)/.exec(engine) ?? [];
    expect(dev.services['clickhouse']?.image).toBe(`clickhouse/clickhouse-server:${version}`);
  });
});

describe('a compose file that is wrong', () => {
  it.each([
    ['processor', 'RATE_LIMITS', 'off'],
    ['server-1', 'BATCH_SIZE', '100'],
    ['server-1', 'SPOOL_MAX_BYTE', '100'],
    ['processor', 'KAFKA_TOPIC_PARTITIONS', 'many'],
  ])('is told where %s gets %s=%s, which it does not take', (service, setting, value) => {
    const { image = '', environment = {} } = staging.services[service] ?? {};
    const wrong: Service = { image, environment: { ...environment, [setting]: value } };
    const services = { ...staging.services, [service]: wrong };
    expect(findUnknownSettings(services)).toEqual([`${service}: ${setting}=${value}`]);
  });

  it.each([
    ['a key that is none', { services: { server: { image: 'a', helthcheck: {} } } }],
    ['a section that is none', { service: {} }],
    ['a condition that is none', { services: { server: { depends_on: { kafka: { condition: 'service_helthy' } } } } }],
    ['a limit that is none', { services: { server: { deploy: { resources: { limits: { ram: '1G' } } } } } }],
    ['a health check of another shape', { services: { server: { healthcheck: { test: 1 } } } }],
    ['a volume of another shape', { volumes: { spool: 'here' } }],
    ['no text for an image', { services: { server: { image: 1 } } }],
  ])('is refused: %s', (_, file) => {
    expect(checkCompose(file)).not.toEqual([]);
  });

  it('is refused: a key twice', () => {
    expect(() => parseYaml('services: {}\nservices: {}')).toThrow(/unique/);
  });
});

describe('a setting that is wrong', () => {
  it.each([
    ['a name with a slip', 'CLICKHOUSE_ULR', 'http://clickhouse:8123'],
    ['a value that is none', 'CLICKHOUSE_URL', 'clickhouse'],
    ['a port that is none', 'PORT', '70000'],
  ])('is told: %s', (_, name, value) => {
    expect(takesSetting('server', name, value)).toBe(false);
  });

  it('is none that is right', () => {
    expect(takesSetting('server', 'CLICKHOUSE_URL', 'http://clickhouse:8123')).toBe(true);
  });

  it('is one that another program takes', () => {
    expect(takesSetting('server', 'SPOOL_MAX_BYTES', '1000000000')).toBe(true);
    expect(takesSetting('processor', 'SPOOL_MAX_BYTES', '1000000000')).toBe(false);
  });
});

/** Those of our images tell by the HEALTHCHECK of the Dockerfile, which a file may turn off. */
function tellsHealth(service: string, services: Readonly<Record<string, Service>>): boolean {
  const { image = '', healthcheck } = services[service] ?? {};
  return healthcheck === undefined ? image.startsWith('px/') : healthcheck.disable !== true;
}

function hostsOf(services: Readonly<Record<string, Service>>): string[] {
  return [
    ...Object.keys(services),
    ...Object.values(services).flatMap(({ networks }) => networks?.default.aliases ?? []),
  ];
}

function toAccount({ username, password, pathname }: URL): unknown[] {
  return [username, password, pathname.slice(1)];
}

function accountOf(service: Service | undefined, prefix: string): unknown[] {
  return ['USER', 'PASSWORD', 'DB'].map((part) => service?.environment?.[`${prefix}_${part}`]);
}

function toMs(duration = '0s'): number {
  const [, seconds] = /^(\d+)s$/.exec(duration) ?? [];
  return Number(seconds) * 1_000;
}

/** Gives `service: NAME=value` of each setting that the program in the container does not take. */
function findUnknownSettings(services: Readonly<Record<string, Service>>): string[] {
  return Object.entries(services).flatMap(([service, { image, command = [], environment = {} }]) => {
    const [, name] = /^px\/([a-z]+):/.exec(image) ?? [];
    if (name === undefined) return [];
    const program = command.some((word) => word.includes('provision')) ? 'provision' : toProgram(name);
    const unknown = Object.entries(environment).filter(
      ([setting, value]) => !takesSetting(program, setting, String(value)),
    );
    return unknown.map(([setting, value]) => `${service}: ${setting}=${value}`);
  });
}

function toProgram(image: string): Program {
  if (image === 'server' || image === 'processor' || image === 'standalone') return image;
  throw new Error(`px/${image} is no image of the Dockerfile`);
}
