import { HumanError } from '../base/errors.ts';
import type { TargetState } from '../ports.ts';
import { MARKERS } from './layout.ts';

/** What people and their tools put into a folder before there is a project in it. */
const HARMLESS =
  /^(\.git|\.gitignore|\.gitattributes|\.github|\.vscode|\.idea|\.editorconfig|\.DS_Store|Thumbs\.db|\.infrabuilder|README.*|LICENSE.*|Blueprint_vFinal\.md|ADR-001\.md|infrastructure-agent|infrastructure-agent-testbed|\..*\.tmp|\..*\.cloning-\d+)$/i;
const MAX_NAMES = 5;

export interface JudgedTarget {
  readonly strangers: readonly string[];
  readonly warnings: readonly string[];
}

/** Whether a workspace may be made at `target`. Throws HumanError where it may not. */
export function judgeTarget(target: TargetState): JudgedTarget {
  const { path, kind, place } = target;
  if (kind === 'link') throw unfit(`${path} is a link that leads nowhere.`, 'Remove the link, or name another folder.');
  if (kind !== 'folder' && kind !== 'missing') throw unfit(`${path} is a file.`, 'Name a folder.');
  if (place === 'home') {
    throw unfit(`${path} is your home folder.`, 'Name a folder inside it: infrabuilder init ~/workspace.');
  }
  if (place === 'filesystem-root') throw unfit(`${path} is the root of a disk.`, 'Name a folder inside it.');
  const isWorkspace = target.entries.some((name) => MARKERS.includes(name));
  return {
    strangers: isWorkspace ? [] : target.entries.filter((name) => !HARMLESS.test(name)),
    warnings:
      target.workspaceAbove !== undefined && !isWorkspace
        ? [`${path} lies inside another workspace, ${target.workspaceAbove}.`]
        : [],
  };
}

/** `a, b, c and 12 more` */
export function someNames(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).join(', ');
  return names.length > MAX_NAMES ? `${shown} and ${names.length - MAX_NAMES} more` : shown;
}

function unfit(message: string, hint: string): HumanError {
  return new HumanError('init.bad-target', message, hint);
}
