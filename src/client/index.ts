export type { ConsumerView } from '../alerts/index.ts'
export type { Alert, AlertedNotice, AlertKind } from '../cases/index.ts'
export type { SightingAnswer, TipReceipt } from '../engine.ts'
export { type ErrorCode, HindraError } from '../errors.ts'
export type { Sighting, Tip, TipInput } from '../intake/index.ts'
export { type AlertOptions, type DeliveredAlert, readAlerts } from './alerts.ts'
export {
  type Calls,
  type Client,
  type CountedPage,
  createCalls,
  createClient,
} from './calls.ts'
export { createHindraClient, type HindraClient, type NewTip, receiptOf } from './hindra-client.ts'
export { postMedia } from './media.ts'
export { BUSY } from './patience.ts'
export { patientTransport } from './patient-transport.ts'
export { type LineAnswer, type SubmitOptions, submitLines, type TaggedLine } from './submission.ts'
export { createTransport, type Query, type Transport } from './transport.ts'
