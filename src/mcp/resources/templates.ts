import type { ResourceKind } from './uri.ts';

interface ResourceTemplate {
  readonly kind: ResourceKind;
  readonly uriTemplate: string;
  /** The variable of the template. */
  readonly variable: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

export const RESOURCE_TEMPLATES: readonly ResourceTemplate[] = [
  {
    kind: 'task',
    uriTemplate: 'infrabuilder://task/{slug}',
    variable: 'slug',
    name: 'task',
    title: 'Task file',
    description: 'The file of a task as it is written: goals, scenarios, acceptance lines.',
  },
  {
    kind: 'evidence',
    uriTemplate: 'infrabuilder://evidence/{run}',
    variable: 'run',
    name: 'evidence',
    title: 'Evidence',
    description: 'What one run measured. Whether it still counts, the tool "verify" says.',
  },
  {
    kind: 'document',
    uriTemplate: 'infrabuilder://document/{+path}',
    variable: 'path',
    name: 'document',
    title: 'Document',
    description: 'Blueprint, decisions, runbook, change log, and the plan, review or result of a task.',
  },
];
