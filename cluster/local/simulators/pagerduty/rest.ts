import { z } from 'zod/v4';
import type { Asked, Said } from '../http/answer.js';
import type { Route } from '../http/router.js';
import { invalid, notFound } from './errors.js';
import { createGroupingSetting } from './groupingSettings.js';
import { newId, type Note } from './model.js';
import { checkCaller, incidentOf, page, requester, written } from './restChecks.js';
import { updateIncident } from './updateIncident.js';
import { alertView, incidentView, noteView, serviceView, userView } from './views.js';
import { noteData } from './webhookBody.js';
import { publish, type World } from './world.js';

const MOST_NOTES = 2000;

const newNote = z.object({ note: z.object({ content: z.string().trim().min(1, 'Content cannot be empty.') }) });

/** The REST API at api.pagerduty.com, as far as the pipeline and n8n's own node and credential use it. */
export function restRoutes(world: World): Route[] {
  const { account, store } = world;
  const rest = (method: string, path: string, answer: (asked: Asked) => Said): Route => ({
    method,
    path,
    answer: (asked) => {
      checkCaller(account, asked);
      return answer(asked);
    },
  });
  const ok = (body: unknown): Said => ({ status: 200, body });

  return [
    rest('GET', '/incidents/:id', (asked) => {
      const incident = incidentOf(world, asked);
      return ok({ incident: incidentView(account, incident, store.alertsOf(incident.id)) });
    }),
    rest('PUT', '/incidents/:id', (asked) => {
      const incident = updateIncident(world, asked);
      return ok({ incident: incidentView(account, incident, store.alertsOf(incident.id)) });
    }),
    rest('GET', '/incidents/:id/alerts', (asked) => {
      const incident = incidentOf(world, asked);
      const alerts = store.alertsOf(incident.id).map((alert) => alertView(account, incident, alert));
      return ok(page(asked, 'alerts', alerts));
    }),
    rest('GET', '/incidents/:id/notes', (asked) =>
      ok({ notes: store.notesOf(incidentOf(world, asked).id).map(noteView) }),
    ),
    rest('POST', '/incidents/:id/notes', (asked) => ok({ note: noteView(annotate(world, asked)) })),
    rest('GET', '/users', (asked) => {
      const wanted = (asked.query.get('query') ?? '').toLowerCase();
      const found = account.users.filter(({ name, email }) => `${name}\n${email}`.toLowerCase().includes(wanted));
      return ok(
        page(
          asked,
          'users',
          found.map((user) => userView(account, user)),
        ),
      );
    }),
    rest('GET', '/users/:id', ({ parts }) => {
      const user = account.users.find(({ id }) => id === parts.id);
      if (user === undefined) throw notFound();
      return ok({ user: userView(account, user) });
    }),
    rest('GET', '/services', (asked) =>
      ok(
        page(
          asked,
          'services',
          account.services.map((service) => serviceView(account, service)),
        ),
      ),
    ),
    rest('POST', '/alert_grouping_settings', (asked) => createGroupingSetting(world, asked)),
  ];
}

function annotate(world: World, asked: Asked): Note {
  const { account, store, now } = world;
  const user = requester(account, asked);
  const incident = incidentOf(world, asked);
  const { content } = written(asked, newNote).note;
  if (store.notesOf(incident.id).length >= MOST_NOTES) throw invalid(`An incident has ${MOST_NOTES} notes at most`);
  const note: Note = { id: newId(), incident: incident.id, user, content, createdAt: now() };
  store.addNote(note);
  publish(world, 'incident.annotated', incident, user, noteData(account, incident, note));
  return note;
}
