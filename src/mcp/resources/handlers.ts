import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { EnvironmentError, HumanError } from '../../core/base/errors.ts';
import { withProtocolErrors } from '../errors.ts';
import type { Session } from '../session.ts';
import { type CatalogEntry, listCatalog } from './catalog.ts';
import { ResourceChanges } from './changes.ts';
import { MIME_TYPES, readContent } from './content.ts';
import { RESOURCE_TEMPLATES } from './templates.ts';
import { type ResourceName, readUri, uriOf } from './uri.ts';

/** A workspace can hold ten thousand tasks. */
const PAGE = 200;

/** List, templates, read and subscriptions. Returns what tells the client of changes; dispose it. */
export function addResources(server: Server, session: Session): ResourceChanges {
  const changes = new ResourceChanges(server, session);
  server.registerCapabilities({ resources: { listChanged: true, subscribe: true } });
  server.setRequestHandler(ListResourcesRequestSchema, ({ params }) =>
    withProtocolErrors(async () => {
      const workspace = await session.workspace();
      const snapshot = await workspace.snapshot();
      const catalog = await listCatalog(workspace.engine.files, snapshot);
      try {
        changes.watch(workspace, snapshot.layout, catalog);
      } catch (error) {
        // The list is right without word of its changes; who subscribes is told why there is none.
        if (!(error instanceof EnvironmentError)) throw error;
      }
      return pageOf(catalog, params?.cursor);
    }),
  );
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({
    resourceTemplates: RESOURCE_TEMPLATES.map(({ kind, uriTemplate, name, title, description }) => {
      return { uriTemplate, name, title, description, mimeType: MIME_TYPES[kind] };
    }),
  }));
  server.setRequestHandler(ReadResourceRequestSchema, ({ params: { uri } }) =>
    withProtocolErrors(async () => {
      const resource = named(uri);
      const { engine, snapshot } = await session.workspace();
      const text = await readContent(engine.files, await snapshot(), resource);
      return { contents: [{ uri, mimeType: MIME_TYPES[resource.kind], text }] };
    }),
  );
  server.setRequestHandler(SubscribeRequestSchema, ({ params: { uri } }) =>
    withProtocolErrors(async () => {
      await changes.subscribe(uri, named(uri));
      return {};
    }),
  );
  server.setRequestHandler(UnsubscribeRequestSchema, ({ params: { uri } }) => {
    changes.unsubscribe(uri);
    return {};
  });
  return changes;
}

function named(uri: string): ResourceName {
  const resource = readUri(uri);
  if (resource !== undefined) return resource;
  const known = RESOURCE_TEMPLATES.map(({ uriTemplate }) => uriTemplate).join(', ');
  throw new HumanError('resource.missing', `There is no resource ${uri}.`, `Resources are ${known}.`);
}

/** The cursor is the URI that the last page ended with. */
function pageOf(catalog: readonly CatalogEntry[], cursor: string | undefined) {
  const uris = catalog.map(uriOf);
  const before = cursor === undefined ? -1 : uris.indexOf(cursor);
  if (cursor !== undefined && before < 0) {
    throw new HumanError('resource.bad-cursor', 'The cursor names no resource that is there.', 'List from the start.');
  }
  const page = catalog.slice(before + 1, before + 1 + PAGE);
  const last = before + page.length;
  const nextCursor = last + 1 < catalog.length ? uris[last] : undefined;
  return {
    resources: page.map(({ kind, title, file }, at) => ({
      uri: uris[before + 1 + at] ?? '',
      name: file,
      title,
      mimeType: MIME_TYPES[kind],
    })),
    ...(nextCursor === undefined ? {} : { nextCursor }),
  };
}
