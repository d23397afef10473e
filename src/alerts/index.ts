export { type AlertSettings, type Alerts, createAlerts } from './alerts.ts'
export type { CountDelivery } from './delivery.ts'
export type { AlertQuery, AlertReader, AlertStream } from './reading.ts'
export * from './views.ts'
