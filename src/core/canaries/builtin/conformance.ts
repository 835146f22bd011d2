import type { Builder } from './subject.ts';

/** G-9: a file that a rule forbids, as the rules and the source have it. */
export const conformanceDefects: Builder<'conformance'> = async (goal, { trespass }) => {
  const common = { goal: goal.id, origin: 'built-in' as const };
  const found = await trespass();
  if (found === undefined) {
    return [{ ...common, title: 'a forbidden import', why: 'No architecture rule can be broken by one more file.' }];
  }
  const { title, file, content } = found;
  return [{ ...common, title, files: [{ file, content }], shows: 'fail' }];
};
