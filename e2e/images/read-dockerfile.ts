import { readFileSync } from 'node:fs';
import { DockerfileParser, type Instruction, ModifiableInstruction } from 'dockerfile-ast';

/** One instruction of a stage: `text` is what stands after keyword and flags, its lines joined. */
export interface Step {
  readonly keyword: string;
  readonly text: string;
  readonly words: readonly string[];
  /** By name, such as `from` of COPY and `mount` of RUN. */
  readonly flags: Readonly<Record<string, string>>;
}

/** One stage: built on another of the file, or on a foreign image. */
export interface Stage {
  readonly name: string;
  readonly from: string;
  readonly steps: readonly Step[];
}

/** Gives the stages of a Dockerfile in their order. Throws where one has no name. */
export function readDockerfile(path: string): Stage[] {
  const stages: { name: string; from: string; steps: Step[] }[] = [];
  for (const instruction of DockerfileParser.parse(readFileSync(path, 'utf8')).getInstructions()) {
    const step = toStep(instruction);
    if (step.keyword !== 'FROM') {
      stages.at(-1)?.steps.push(step);
      continue;
    }
    const [from = '', as, name] = step.words;
    if (as !== 'AS' || name === undefined) throw new Error(`${path}: a stage without a name: FROM ${step.text}`);
    stages.push({ name, from, steps: [] });
  }
  return stages;
}

function toStep(instruction: Instruction): Step {
  const flags = instruction instanceof ModifiableInstruction ? instruction.getFlags() : [];
  return {
    keyword: instruction.getKeyword(),
    text: instruction.getArgumentsContent() ?? '',
    words: instruction.getArguments().map((argument) => argument.getValue()),
    flags: Object.fromEntries(flags.map((flag) => [flag.getName(), flag.getValue() ?? ''])),
  };
}
