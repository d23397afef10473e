import { join } from 'node:path'
import { readBlindSamples, readQuestions } from './assessing/index.ts'
import type { Config } from './config.ts'
import { readDossierPolicy } from './dossiers/index.ts'
import { readQueueHours } from './intake/index.ts'
import { readLooksPolicy } from './looks/index.ts'
import { createLaidDown, policyFiles, readMunicipalities } from './policy/index.ts'
import { readVocabulary } from './register/index.ts'
import { readIndependence } from './reports/index.ts'
import { readRoutes } from './route/index.ts'
import { readSourcesPolicy } from './sightings/index.ts'
import { readSisterHotlines } from './sisters/index.ts'
import { checkWritten, readObjectionPolicy } from './takedown/index.ts'

/** What the house laid down in files, read before anything is opened. Throws INVALID_CONFIG, naming file and field. */
export function readPolicy(config: Config) {
  const files = policyFiles(config.policy.directory ?? join(config.data, 'policy'))
  const routes = readRoutes(files)
  checkWritten(routes, config.route.addresses)
  return {
    files,
    laidDown: createLaidDown(files),
    routes,
    municipalities: readMunicipalities(files),
    questions: readQuestions(files),
    blindSamples: readBlindSamples(files),
    queueHours: readQueueHours(files),
    independence: readIndependence(files),
    objections: readObjectionPolicy(files),
    looksPolicy: readLooksPolicy(files),
    dossierPolicy: readDossierPolicy(files),
    hotlines: readSisterHotlines(files),
    sources: readSourcesPolicy(files),
    vocabulary: readVocabulary(config.register.vocabularyFile),
  }
}
