import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kafkaConfigSchema } from '@px-platform/log';
import { auditTopic, eventTopic } from '@px-platform/schemas';
import { describe, expect, it } from 'vitest';
import { loadTakesSetting } from '../known-settings.ts';
import { parseYaml, readText } from '../read-yaml.ts';
import { checkManifests } from './check-manifests.ts';
import type { Manifest } from './manifest.ts';
import { renderOverlay } from './render-overlay.ts';

type Labels = Readonly<Record<string, string>>;

interface Container {
  readonly name: string;
  readonly image: string;
  readonly ports: readonly [{ readonly name: string; readonly containerPort: number }];
  readonly env: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
  }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  readonly lifecycle?: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
}

interface Workload {
  readonly selector: { readonly matchLabels: Labels };
  readonly serviceName?: string;
  readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
  readonly template: {
    readonly metadata: { readonly labels: Labels; readonly annotations: Labels };
    readonly spec: {
      readonly serviceAccountName: string;
      readonly terminationGracePeriodSeconds: number;
      readonly volumes: readonly { readonly name: string }[];
      readonly containers: readonly [Container];
    };
  };
}

const folder = (path: string) => fileURLToPath(new URL(`../../k8s/${path}`, import.meta.url));
const base = renderOverlay(folder('base'));
const takesSetting = await loadTakesSetting();
const workloads = base.filter(({ kind }) => ['StatefulSet', 'Deployment'].includes(kind));
const specOf = <Spec>(manifests: readonly Manifest[], kind: string, name: string): Spec => {
  const found = manifests.find((one) => one.kind === kind && one.metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found.spec as Spec;
};
const ofKind = (kind: string) => base.filter((one) => one.kind === kind);

it.each(['base', 'overlays/staging', 'overlays/production'])('%s is what Kubernetes takes', async (path) => {
  expect(await checkManifests(renderOverlay(folder(path)))).toEqual([]);
});

describe('a manifest that is wrong', () => {
  const [good] = base.filter(({ kind }) => kind === 'Deployment') as [Manifest];
  const change = (path: string, value: unknown): Manifest => {
    const changed = structuredClone(good) as unknown as Record<string, unknown>;
    const names = path.split('.');
    const last = names.pop() ?? '';
    let at = changed;
    for (const name of names) at = at[name] as Record<string, unknown>;
    at[last] = value;
    return changed as unknown as Manifest;
  };

  it.each([
    ['a field that does not exist', change('spec.replica', 2), /"replica"/],
    [
      'a field that does not exist, deep inside',
      change('spec.template.spec.containers.0.readinessProb', {}),
      /readinessProb/,
    ],
    ['a value of another type', change('spec.replicas', 'two'), /replicas/],
    ['a policy that is none', change('spec.strategy.type', 'Rolling'), /Rolling|strategy/],
    ['a needed field that is missing', change('spec.selector', undefined), /selector/],
    ['a kind that is none', { ...good, kind: 'Deploy' }, /no such kind/],
  ])('is refused: %s', async (_, manifest, reason) => {
    const said = await checkManifests([manifest]);
    expect(said.join('\n')).toMatch(reason);
  });

  it('is refused: a trigger of KEDA without its kind', async () => {
    const [scaled] = ofKind('ScaledObject') as [Manifest];
    const spec = { ...(scaled.spec as object), triggers: [{ metadata: {} }] };
    expect((await checkManifests([{ ...scaled, spec }])).join()).toMatch(/type/);
  });

  it.each([
    ['a patch of what is not there', 'patches:\n  - target: { kind: Ingress, name: py }\n    patch: "[]"', /not there/],
    [
      'a patch at a path that is not there',
      'patches:\n  - target: { kind: Ingress, name: px }\n    patch: "[{ op: replace, path: /spec/rule/0, value: a }]"',
      /path|OPERATION/,
    ],
    ['a word that is not read here', 'namePrefix: a-', /namePrefix is not read here/],
  ])('is refused: %s', (_, line, reason) => {
    const place = mkdtempSync(join(tmpdir(), 'px-overlay-'));
    writeFileSync(join(place, 'kustomization.yaml'), `resources: [${folder('base')}]\n${line}\n`);
    expect(() => renderOverlay(place)).toThrow(reason);
    rmSync(place, { recursive: true });
  });
});

describe.each(workloads.map((manifest) => [manifest.metadata.name, manifest] as const))('%s', (name, manifest) => {
  const workload = manifest.spec as Workload;
  const pod = workload.template.spec;
  const [container] = pod.containers;

  it('gets settings that it takes, and its secrets by reference', () => {
    const program = name === 'px-server' ? 'server' : 'processor';
    expect([name, container.image]).toEqual([`px-${program}`, expect.stringContaining(program)]);
    const plain = container.env.filter(({ value }) => value !== undefined);
    expect(plain.filter((one) => !takesSetting(program, one.name, one.value ?? ''))).toEqual([]);
    const secret = container.env.filter(({ valueFrom }) => valueFrom !== undefined);
    for (const { name: setting, valueFrom } of secret)
      expect(valueFrom?.secretKeyRef).toEqual({ name: 'px', key: setting });
    expect(plain.filter((one) => /PASSWORD|TOKEN|_URL$|USERNAME|SERVERS/.test(one.name))).toEqual([]);
    const examples: Labels = {
      KAFKA_BOOTSTRAP_SERVERS: 'kafka:9092',
      KAFKA_SASL_USERNAME: 'px',
      KAFKA_SASL_PASSWORD: 'x',
      CLICKHOUSE_URL: 'http://a',
      DATABASE_URL: 'postgres://a',
      REDIS_URL: 'redis://a',
      PX_ADMIN_TOKEN: 'x'.repeat(16),
    };
    expect(secret.filter((one) => !takesSetting(program, one.name, examples[one.name] ?? ''))).toEqual([]);
    for (const { name: setting } of secret)
      expect(readText('docs/operations.md')).toContain(`--from-literal=${setting}=`);
  });

  it('is found by its services, budget, scaling and network policy', () => {
    const labels = { ...workload.template.metadata.labels };
    expect(labels).toMatchObject(workload.selector.matchLabels);
    for (const kind of ['Service', 'PodDisruptionBudget', 'NetworkPolicy']) {
      const found = ofKind(kind).filter(({ spec }) => selects(spec, labels));
      expect(
        found.map(({ metadata }) => metadata.name),
        kind,
      ).toContain(name);
    }
    const scaling = [...ofKind('HorizontalPodAutoscaler'), ...ofKind('ScaledObject')].map(
      ({ spec }) => (spec as { scaleTargetRef: object }).scaleTargetRef,
    );
    expect(scaling).toContainEqual({ apiVersion: 'apps/v1', kind: manifest.kind, name });
    expect(ofKind('ServiceAccount').map(({ metadata }) => metadata.name)).toContain(pod.serviceAccountName);
    if (workload.serviceName !== undefined)
      expect(ofKind('Service').map(({ metadata }) => metadata.name)).toContain(workload.serviceName);
  });

  it('listens where it is asked: probes, services, scrapes, network policy, its own setting', () => {
    const [{ containerPort }] = container.ports;
    expect(container.env).toContainEqual({
      name: name === 'px-server' ? 'PORT' : 'PROCESSOR_PORT',
      value: String(containerPort),
    });
    expect(workload.template.metadata.annotations).toMatchObject({ 'prometheus.io/port': String(containerPort) });
    const { ingress } = specOf<{ ingress: { ports: { port: number }[] }[] }>(base, 'NetworkPolicy', name);
    expect(ingress.flatMap(({ ports }) => ports.map(({ port }) => port))).toEqual([containerPort]);
    expect(container).toMatchObject({
      startupProbe: { httpGet: { path: '/health/live', port: 'http' } },
      livenessProbe: { httpGet: { path: '/health/live', port: 'http' } },
      readinessProbe: { httpGet: { path: '/health/ready', port: 'http' } },
    });
  });

  it('is no root, writes to its volumes alone, has no token of the cluster, and is bounded in memory', () => {
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(container).toMatchObject({
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
      resources: {
        requests: { cpu: expect.any(String), memory: expect.any(String) },
        limits: { memory: expect.any(String) },
      },
    });
    const volumes = [...pod.volumes, ...(workload.volumeClaimTemplates ?? []).map(({ metadata }) => metadata)];
    expect(container.volumeMounts.map((mount) => mount.name).sort()).toEqual(
      volumes.map((volume) => volume.name).sort(),
    );
  });

  it('has time to end in peace', () => {
    const drainMs = Number(container.env.find((one) => one.name === 'DRAIN_TIMEOUT_MS')?.value ?? 10_000);
    const sleepMs = (container.lifecycle?.preStop.sleep.seconds ?? 0) * 1_000;
    expect(pod.terminationGracePeriodSeconds * 1_000).toBeGreaterThan(drainMs + sleepMs + 10_000);
  });
});

describe('the server', () => {
  it('keeps its spool where the image has its volume, on a claim that outlives it and holds twice the bound of both topics', () => {
    const spec = specOf<Workload & { persistentVolumeClaimRetentionPolicy: object }>(base, 'StatefulSet', 'px-server');
    const [container] = spec.template.spec.containers;
    const envOf = (name: string) => container.env.find((one) => one.name === name)?.value;
    expect(container.volumeMounts).toContainEqual({ name: 'spool', mountPath: envOf('DATA_DIR') });
    expect(spec.persistentVolumeClaimRetentionPolicy).toEqual({ whenScaled: 'Retain', whenDeleted: 'Retain' });
    expect(spec.volumeClaimTemplates).toMatchObject([{ spec: { resources: { requests: { storage: '6Gi' } } } }]);
    expect(6 * 1024 ** 3).toBeGreaterThan(4 * Number(envOf('SPOOL_MAX_BYTES')));
  });

  it('is reached by its ways in, and not by those for the inside', () => {
    const { rules } = specOf<{ rules: { http: { paths: { path: string; backend: { service: object } }[] } }[] }>(
      base,
      'Ingress',
      'px',
    );
    const paths = rules.flatMap(({ http }) => http.paths);
    expect(paths.map(({ path }) => path)).toEqual(['/api', '/v1', '/sdk', '/docs', '/openapi.json']);
    for (const { backend } of paths) expect(backend.service).toEqual({ name: 'px-server', port: { name: 'http' } });
  });
});

describe('the processors', () => {
  const scaled = specOf<{
    minReplicaCount: number;
    maxReplicaCount: number;
    triggers: { type: string; metadata: Labels; authenticationRef: { name: string } }[];
  }>(base, 'ScaledObject', 'px-processor');
  const [container] = specOf<Workload>(base, 'Deployment', 'px-processor').template.spec.containers;
  const envOf = (name: string) => container.env.find((one) => one.name === name)?.value;

  it('come and go with the lag of their own group in the topics that the servers write', () => {
    expect(scaled.triggers.map(({ metadata }) => metadata['topic'])).toEqual([eventTopic, auditTopic]);
    for (const { type, metadata, authenticationRef } of scaled.triggers) {
      expect(type).toBe('kafka');
      // Not set: the servers, which tell the lag, know the group by the same default.
      expect(envOf('KAFKA_GROUP_ID')).toBeUndefined();
      const { KAFKA_GROUP_ID } = kafkaConfigSchema.parse({});
      expect(metadata['consumerGroup']).toBe(`${KAFKA_GROUP_ID}.${metadata['topic']}`);
      expect(container.env.map(({ name }) => name)).toContain(metadata['bootstrapServersFromEnv']);
      expect(ofKind('TriggerAuthentication').map((one) => one.metadata.name)).toContain(authenticationRef.name);
    }
  });

  it.each(['overlays/staging', 'overlays/production'])('%s runs no more of them than there are partitions', (path) => {
    const { minReplicaCount, maxReplicaCount } = specOf<typeof scaled>(
      renderOverlay(folder(path)),
      'ScaledObject',
      'px-processor',
    );
    expect(minReplicaCount).toBeLessThanOrEqual(maxReplicaCount);
    expect(maxReplicaCount).toBeLessThanOrEqual(Number(envOf('KAFKA_TOPIC_PARTITIONS')));
  });
});

it.each(['staging', 'production'])(
  'the overlay %s is of a namespace of its own, and names every image with a version',
  (name) => {
    const manifests = renderOverlay(folder(`overlays/${name}`));
    const inside = manifests.filter(({ kind }) => kind !== 'Namespace');
    expect(new Set(inside.map(({ metadata }) => metadata.namespace))).toEqual(new Set([`px-${name}`]));
    expect(manifests.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name)).toEqual([
      `px-${name}`,
    ]);
    const images = manifests.flatMap(({ kind, spec }) =>
      ['StatefulSet', 'Deployment'].includes(kind)
        ? (spec as Workload).template.spec.containers.map(({ image }) => image)
        : [],
    );
    expect(images.map((image) => image.replace(/:(staging|\d+\.\d+\.\d+)$/, ''))).toEqual([
      'registry.example.com/px/server',
      'registry.example.com/px/processor',
    ]);
  },
);

it('no manifest holds a secret', () => {
  expect(base.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  expect(parseYaml(readText('docker/k8s/base/kustomization.yaml')).join()).not.toContain('secretGenerator');
});

function selects(spec: unknown, labels: Labels): boolean {
  const { selector, podSelector } = spec as {
    selector?: Labels & { matchLabels?: Labels };
    podSelector?: { matchLabels?: Labels };
  };
  const wanted = podSelector?.matchLabels ?? selector?.matchLabels ?? selector ?? {};
  const pairs = Object.entries(wanted);
  return pairs.length > 0 && pairs.every(([name, value]) => labels[name] === value);
}
