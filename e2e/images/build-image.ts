import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import dockerignore from '@balena/dockerignore';
import type { Stage, Step } from './read-dockerfile.ts';
import { makeNodeRoot, runInRoot } from './root-folder.ts';

/** What a stage leaves: its files, and how a container of it is run. */
export interface Image {
  readonly root: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly user: 'root' | 'node';
  readonly volumes: readonly string[];
  readonly ports: readonly string[];
  readonly command: readonly string[];
  readonly healthCommand: readonly string[];
}

/** Where images are built: `folder` takes all that is made, `context` is what the steps may copy. */
export interface Workshop {
  readonly folder: string;
  readonly context: string;
  readonly stages: readonly Stage[];
  readonly built: Map<string, Image>;
}

/** Opens a workshop in an empty folder, with the repository's files that `.dockerignore` lets through. */
export function openWorkshop(folder: string, repository: string, stages: readonly Stage[]): Workshop {
  const context = join(folder, 'context');
  const filter = dockerignore.default().add(readFileSync(join(repository, '.dockerignore'), 'utf8'));
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: repository,
  });
  for (const file of listed.toString().split('\0')) {
    if (file === '' || filter.ignores(file) || !existsSync(join(repository, file))) continue;
    mkdirSync(dirname(join(context, file)), { recursive: true });
    cpSync(join(repository, file), join(context, file));
  }
  return { folder, context, stages, built: new Map() };
}

/**
 * Builds a stage and those that it needs, each once, by its steps as they stand, as Docker would; but for the image
 * `node:...`, whose place `makeNodeRoot` takes. Throws with a step's output where it fails, and where it is of a kind not known here.
 */
export async function buildImage(workshop: Workshop, name: string): Promise<Image> {
  const known = workshop.built.get(name);
  if (known !== undefined) return known;
  const stage = workshop.stages.find((one) => one.name === name);
  if (stage === undefined) throw new Error(`The Dockerfile has no stage ${name}.`);
  let image = await openStage(workshop, stage);
  for (const step of stage.steps) {
    if (step.keyword === 'COPY') await copy(workshop, image, step);
    else if (step.keyword === 'RUN') await run(image, step);
    else image = { ...image, ...toSetting(step, image) };
  }
  workshop.built.set(name, image);
  return image;
}

async function openStage(workshop: Workshop, { name, from }: Stage): Promise<Image> {
  const root = join(workshop.folder, name);
  if (from.startsWith('node:')) {
    makeNodeRoot(root);
    return { root, folder: '/', env: {}, user: 'root', volumes: [], ports: [], command: [], healthCommand: [] };
  }
  const base = await buildImage(workshop, from);
  execFileSync('cp', ['--archive', '--reflink=auto', base.root, root]);
  return { ...base, root };
}

async function copy(workshop: Workshop, image: Image, { words, flags }: Step): Promise<void> {
  const from = flags['from'] === undefined ? workshop.context : (await buildImage(workshop, flags['from'])).root;
  const target = words.at(-1) ?? '';
  const into = join(image.root, posix.resolve(image.folder, target));
  for (const word of words.slice(0, -1)) {
    const source = join(from, word);
    if (!existsSync(source)) throw new Error(`COPY ${word}: it is not there, or .dockerignore holds it back.`);
    const isFolder = statSync(source).isDirectory();
    const to = isFolder || !target.endsWith('/') ? into : join(into, basename(word));
    mkdirSync(isFolder ? to : dirname(to), { recursive: true });
    execFileSync('cp', ['--archive', '--reflink=auto', isFolder ? `${source}/.` : source, to]);
  }
}

async function run(image: Image, { text, flags }: Step): Promise<void> {
  const mounts = { ...toCache(flags['mount']), '/etc/ssl': '/etc/ssl', ...registryAccess() };
  const { code, output } = await runInRoot({
    ...image,
    command: ['/bin/sh', '-c', text],
    env: { ...image.env, ...networkSettings() },
    mounts,
    isConfined: false,
  });
  for (const inside of Object.keys(registryAccess())) rmSync(join(image.root, inside), { force: true });
  if (code !== 0) throw new Error(`RUN ${text}\nended with ${code}:\n${output}`);
}

/** Of the one kind of mount in use: pnpm's store, which is this machine's. */
function toCache(mount: string | undefined): Record<string, string> {
  if (mount === undefined) return {};
  const { type, id, target = '' } = Object.fromEntries(mount.split(',').map((pair) => pair.split('=')));
  if (type !== 'cache' || id !== 'pnpm') throw new Error(`RUN --mount=${mount}: a mount of a kind not known here.`);
  const store = /"storeDir": "([^"]+)"/.exec(readFileSync('node_modules/.modules.yaml', 'utf8'))?.[1];
  if (store === undefined)
    throw new Error('node_modules/.modules.yaml names no storeDir: run npm test, which installs.');
  return { [target]: dirname(store) };
}

/** How this machine's npm reaches its registry, while a step runs; a build by Docker would have it from its daemon. */
function registryAccess(): Record<string, string> {
  const file = join(process.env['HOME'] ?? '/root', '.npmrc');
  return existsSync(file) ? { '/root/.npmrc': file } : {};
}

function networkSettings(): Record<string, string> {
  const names = Object.keys(process.env).filter((name) =>
    /^npm_config_registry$|_proxy$|^NODE_EXTRA_CA_CERTS$|^SSL_CERT_/i.test(name),
  );
  return Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']));
}

function toSetting({ keyword, text, words }: Step, image: Image): Partial<Image> {
  switch (keyword) {
    case 'WORKDIR':
      mkdirSync(join(image.root, text), { recursive: true });
      return { folder: text };
    case 'ENV':
      return { env: { ...image.env, ...Object.fromEntries(words.map((word) => word.split('='))) } };
    case 'USER':
      if (text !== 'node') throw new Error(`USER ${text}: the Node images have no such user.`);
      return { user: text };
    case 'VOLUME':
      return { volumes: JSON.parse(text) };
    case 'EXPOSE':
      return { ports: words };
    case 'CMD':
      return { command: JSON.parse(text) };
    case 'HEALTHCHECK':
      return { healthCommand: ['/bin/sh', '-c', text.replace(/^CMD /, '')] };
    default:
      throw new Error(`${keyword} ${text}: a step of a kind not known here.`);
  }
}
