import { type Alert, type Incident, newId, type Note } from './model.js';

/** What has happened in the account, in the order in which it did. */
export class Store {
  private readonly incidentsById = new Map<string, Incident>();
  private readonly alerts: Alert[] = [];
  private readonly notes: Note[] = [];

  incident(id: string): Incident | undefined {
    return this.incidentsById.get(id);
  }

  incidents(): Incident[] {
    return [...this.incidentsById.values()];
  }

  /** Gives it the next number and an id of its own. */
  addIncident(incident: Omit<Incident, 'id' | 'number'>): Incident {
    const added = { ...incident, id: this.freeId(), number: this.incidentsById.size + 1 };
    this.incidentsById.set(added.id, added);
    return added;
  }

  addAlert(alert: Alert): void {
    this.alerts.push(alert);
  }

  addNote(note: Note): void {
    this.notes.push(note);
  }

  alertsOf(incident: string): Alert[] {
    return this.alerts.filter((alert) => alert.incident === incident);
  }

  notesOf(incident: string): Note[] {
    return this.notes.filter((note) => note.incident === incident);
  }

  openAlert(routingKey: string, key: string): Alert | undefined {
    return this.alerts.find(
      (alert) => alert.routingKey === routingKey && alert.key === key && alert.status === 'triggered',
    );
  }

  clear(): void {
    this.incidentsById.clear();
    this.alerts.length = 0;
    this.notes.length = 0;
  }

  private freeId(): string {
    const id = newId();
    return this.incidentsById.has(id) ? this.freeId() : id;
  }
}
