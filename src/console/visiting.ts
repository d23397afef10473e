import { createContext, useContext } from 'hono/jsx'
import type { Visit } from './page.ts'

const VisitContext = createContext<Visit | undefined>(undefined)

export const Visiting = VisitContext.Provider

/** The visit that a component is shown in. */
export function useVisit(): Visit {
  const visit = useContext(VisitContext)
  if (visit === undefined) throw new Error('a component is shown outside a visit')
  return visit
}

export function useWords(): Visit['words'] {
  return useVisit().words
}
