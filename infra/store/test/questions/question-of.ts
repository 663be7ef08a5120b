import { type Question, type QuestionOf, questionSchema } from '@px-platform/schemas';

/** Parses a question as it is typed, which must be of this kind. */
export function questionOf<K extends Question['question']>(kind: K, question: object): QuestionOf<K> {
  const parsed = questionSchema.parse(question);
  if (!isOf(kind, parsed)) throw new Error(`the question is ${parsed.question}, not ${kind}`);
  return parsed;
}

function isOf<K extends Question['question']>(kind: K, question: Question): question is QuestionOf<K> {
  return question.question === kind;
}
