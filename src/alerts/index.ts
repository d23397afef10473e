export { type AlertSettings, type Alerts, createAlerts } from './alerts.ts'
export * from './types.ts'
