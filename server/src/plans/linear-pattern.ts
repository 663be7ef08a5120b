import { RE2JS } from 're2js';

/** Characters of a pattern at most, and instructions of what it compiles to: `a{1000}` is a thousand. */
const maxPatternLength = 500;
const maxInstructions = 5_000;
/** Length by the largest repetition: seen before it is compiled, which takes long for hundreds of thousands of instructions. */
const maxRepeated = 50_000;

/** A regular expression whose time grows with the text alone: a step is one instruction at one character. */
export interface LinearPattern {
  readonly kind: 'pattern';
  readonly instructions: number;
  matches(text: string): boolean;
}

/** Why a pattern is not taken. */
export interface PatternMistake {
  readonly kind: 'mistake';
  readonly message: string;
}

/**
 * Compiles a pattern in RE2's way, which has no look-around and no references back: nothing in it can take exponential
 * time. JavaScript's own spellings (`\u0041`, `(?<name>...)`) are taken. Never throws. Source: https://swtch.com/~rsc/regexp/
 */
export function compilePattern(pattern: string): LinearPattern | PatternMistake {
  if (pattern.length > maxPatternLength) return refuse(`has more than ${maxPatternLength} characters`);
  if (pattern.length * findLargestCount(pattern) > maxRepeated) return tooLarge;
  const compiled = tryCompile(pattern);
  if (typeof compiled === 'string') return refuse(`is no regular expression of RE2: ${compiled}`);
  const instructions = compiled.programSize();
  if (instructions > maxInstructions) return tooLarge;
  return { kind: 'pattern', instructions, matches: (text) => compiled.test(text) };
}

function tryCompile(pattern: string): RE2JS | string {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern));
  } catch (cause) {
    return cause instanceof Error ? cause.message.replace('error parsing regexp: ', '') : 'it can not be read';
  }
}

function findLargestCount(pattern: string): number {
  const counts = [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].map(([, least, most]) => Number(most || least));
  return Math.max(1, ...counts);
}

function refuse(message: string): PatternMistake {
  return { kind: 'mistake', message };
}

const tooLarge = refuse('is too large: its repetitions count each time');
