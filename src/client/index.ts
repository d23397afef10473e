export type { ConsumerView } from '../alerts/index.ts'
export type { Alert, AlertedNotice, AlertKind } from '../cases/index.ts'
export type { TipReceipt } from '../assessing/index.ts'
export { NO_URL } from '../core/index.ts'
export type { ScanAnswer, ScreeningAnswer, SightingAnswer } from '../sightings/index.ts'
export { type ErrorCode, HindraError } from '../errors.ts'
export type { Sighting, Tip, TipInput } from '../intake/index.ts'
export { type AlertOptions, type DeliveredAlert, readAlerts } from './alerts.ts'
export type { Calls, CountedPage } from '../operations/index.ts'
export { type Client, createClient } from './calls.ts'
export {
  createHindraClient,
  type HindraClient,
  type NewTip,
  receiptOf,
  type Scanned,
} from './hindra-client.ts'
export { postMedia, submitMedia } from './post-media.ts'
export { BUSY, createPatience, type Patience, type PatienceOptions } from './patience.ts'
export { patientTransport } from './patient-transport.ts'
export { type LineAnswer, type SubmitOptions, submitLines, type TaggedLine } from './submission.ts'
export { createTransport, type Query, type SentLine, type Transport } from './transport.ts'
