import type { Requirement } from '../operations/index.ts'
import type { ConsoleWords } from './words/index.ts'

/** Where one can go from every page; each place is offered to whoever may see it. */
export interface MenuPlace {
  readonly path: string
  readonly word: keyof ConsoleWords['nav']
  readonly needs: Requirement
}

/** What a day's work takes, in this order. */
export const DAY: readonly MenuPlace[] = [
  { path: '/console', word: 'queue', needs: 'signed-in' },
  { path: '/console/cases', word: 'cases', needs: 'case:read' },
  { path: '/console/items', word: 'items', needs: 'item:read' },
  { path: '/console/register', word: 'register', needs: 'item:propose' },
  { path: '/console/verify', word: 'verify', needs: 'item:verify' },
  { path: '/console/notices', word: 'notices', needs: 'notice:read' },
  { path: '/console/hosts', word: 'hosts', needs: 'contact:read' },
  { path: '/console/waiting', word: 'waiting', needs: 'notice:read' },
  { path: '/console/mails', word: 'mails', needs: 'notice:read' },
  { path: '/console/second', word: 'second', needs: 'assess' },
  { path: '/console/again', word: 'again', needs: 'case:work' },
  { path: '/console/find', word: 'find', needs: 'case:read' },
]

/** What the hotline keeps, watches and lays down, in this order. */
export const HOUSE: readonly MenuPlace[] = [
  { path: '/console/lists', word: 'lists', needs: 'list:read' },
  { path: '/console/sources', word: 'sources', needs: 'source:read' },
  { path: '/console/contacts', word: 'contacts', needs: 'contact:read' },
  { path: '/console/files', word: 'files', needs: 'notice:read' },
  { path: '/console/iccam', word: 'iccam', needs: 'notice:read' },
  { path: '/console/objections', word: 'objections', needs: 'notice:read' },
  { path: '/console/dossiers', word: 'dossiers', needs: 'notice:read' },
  { path: '/console/statistics', word: 'statistics', needs: 'stats:read' },
  { path: '/console/reports', word: 'reports', needs: 'stats:read' },
  { path: '/console/policy', word: 'policy', needs: 'contact:read' },
  { path: '/console/people', word: 'people', needs: 'people:read' },
  { path: '/console/audit', word: 'audit', needs: 'audit:read' },
  { path: '/console/system', word: 'system', needs: 'system:read' },
]
