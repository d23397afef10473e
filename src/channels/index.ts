export * from './channels.ts'
export { API_NAMES, API_URLS_MAX, type ApiChannel, type ApiName } from './http-api.ts'
