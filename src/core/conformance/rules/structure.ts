import type { RuleOf } from '../../model/conformance.ts';
import { FILE_START } from '../../model/source.ts';
import type { Context, Draft, Finding } from '../context.ts';
import { matchesGlob } from '../glob.ts';
import { unknownTargets } from './targets.ts';

/** Modules that must be there, and files that may or may not. */
export function structure(rule: RuleOf<'structure'>, context: Context, index: number): Finding {
  const issues = [
    ...unknownTargets(context, rule.required, ['rules', index, 'required'], 'globs'),
    ...unknownTargets(context, rule.in ?? [], ['rules', index, 'in'], 'globs'),
  ];
  const drafts: Draft[] = [];
  const counts: Record<string, number> = {};
  for (const [at, wanted] of rule.required.entries()) {
    const held = context.filesFor(rule, [wanted]).filter(([, facts]) => !facts.test).length;
    counts[wanted] = held;
    if (held > 0) continue;
    const what = context.isComponent(wanted)
      ? `The module "${wanted}" has no source file`
      : `No source file matches "${wanted}"`;
    drafts.push(context.atRule(['rules', index, 'required', at], `${what}.`, wanted));
  }
  const files = rule.allow === undefined && rule.deny === undefined ? [] : context.filesFor(rule, rule.in);
  for (const [path] of files) {
    const denied = rule.deny?.find((glob) => matchesGlob(glob, path));
    const allowed = rule.allow?.some((glob) => matchesGlob(glob, path)) ?? true;
    if (denied === undefined && allowed) continue;
    const message =
      denied === undefined
        ? `This file is not among those allowed here: ${rule.allow?.join(', ')}.`
        : `No file may match "${denied}" here.`;
    drafts.push({ file: context.path(path), range: FILE_START, message, target: path, text: path });
  }
  return { looked: rule.required.length + files.length, drafts, issues, counts };
}
