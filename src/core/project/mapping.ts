import type { Mapping } from '../model/mapping.ts';
import type { Path } from '../parse/parsed.ts';
import type { Entry } from './entry.ts';
import { groupBy } from './group.ts';

export interface MappedTask {
  readonly slug: string;
  readonly phase: string | undefined;
  readonly module: string | undefined;
  readonly status: string | undefined;
  readonly completed: string | undefined;
  readonly epic: string;
  readonly story: string;
  /** Where the task stands in `blueprint_tasks.yaml`. */
  readonly path: Path;
}

export interface Story {
  readonly id: string;
  readonly title: string | undefined;
  readonly epic: string;
  readonly tasks: readonly MappedTask[];
  readonly path: Path;
}

export interface Epic {
  readonly id: string;
  readonly title: string | undefined;
  readonly stories: readonly Story[];
  readonly path: Path;
}

/** `blueprint_tasks.yaml` with the look-ups that cross references need. */
export interface MappingView {
  readonly entry: Entry<Mapping>;
  readonly epics: readonly Epic[];
  readonly epicById: ReadonlyMap<string, Epic>;
  /** Several epics may use one story id. */
  readonly storiesById: ReadonlyMap<string, readonly Story[]>;
  readonly tasksBySlug: ReadonlyMap<string, readonly MappedTask[]>;
}

/** Undefined where the file could not be understood. */
export function viewMapping(entry: Entry<Mapping>): MappingView | undefined {
  const value = entry.parsed.value;
  if (value === undefined) return undefined;
  const epics = Object.entries(value.epics).map(([id, { title, stories }]): Epic => {
    const path = ['epics', id];
    const list = Object.entries(stories).map(([story, content]) =>
      viewStory(content, id, story, [...path, 'stories', story]),
    );
    return { id, title, stories: list, path };
  });
  const stories = epics.flatMap((epic) => epic.stories);
  return {
    entry,
    epics,
    epicById: new Map(epics.map((epic) => [epic.id, epic])),
    storiesById: groupBy(stories, (story) => story.id),
    tasksBySlug: groupBy(
      stories.flatMap((story) => story.tasks),
      (task) => task.slug,
    ),
  };
}

type StoryContent = Mapping['epics'][string]['stories'][string];

function viewStory({ title, tasks }: StoryContent, epic: string, id: string, path: Path): Story {
  const list = tasks.map(({ slug, phase, module, status, completed }, at): MappedTask => {
    return { slug, phase, module, status, completed, epic, story: id, path: [...path, 'tasks', at] };
  });
  return { id, title, epic, tasks: list, path };
}
