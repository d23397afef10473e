import { z } from 'zod'
import { dataDirectory } from '../core/index.ts'
import { alertSettings, webhookSettings } from './alerts.ts'
import { assignmentsSettings } from './assignments.ts'
import { auditSettings } from './audit.ts'
import { backupSettings } from './backup.ts'
import { batchesSettings } from './batches.ts'
import { dataKeySettings } from './data-key.ts'
import { exchangeSettings } from './exchange.ts'
import { hmaSettings } from './hma.ts'
import { hotlineExportSettings } from './hotline-exports.ts'
import { featuresSettings } from './features.ts'
import { section } from './fields.ts'
import { iccamSettings } from './iccam.ts'
import { fetchSettings, urlsSettings } from './intake.ts'
import { indexSettings, matchSettings } from './match.ts'
import { decodeSettings, poolSettings } from './decode.ts'
import { inboxSettings, sistersSettings } from './mails.ts'
import { looksSettings } from './looks.ts'
import { matcherSettings } from './matcher.ts'
import { modelSettings } from './model.ts'
import { recheckSettings } from './recheck.ts'
import { policySettings, routeSettings } from './route.ts'
import { reportSettings } from './reports.ts'
import { retentionSettings } from './retention.ts'
import { openidSettings } from './openid.ts'
import { sessionsSettings } from './sessions.ts'
import { sightingsSettings } from './sightings.ts'
import { limitsSettings, logSettings, serverSettings } from './server.ts'
import { storeSettings } from './store.ts'
import { registerSettings } from './register.ts'
import {
  awsSettings,
  cloudflareSettings,
  houseSettings,
  mailSettings,
  takedownSettings,
} from './takedown.ts'
import { tiplineSettings } from './tipline.ts'
import { traceSettings } from './trace.ts'

/** Every setting: its type and bounds, default, and what it means (units last in names). */
export const schema = z.strictObject({
  data: z
    .string()
    .default(() => dataDirectory(process.env))
    .describe('Directory of the store, mode 0700'),
  dataKey: section(dataKeySettings),
  store: section(storeSettings),
  server: section(serverSettings),
  limits: section(limitsSettings),
  hma: section(hmaSettings),
  log: section(logSettings),
  sessions: section(sessionsSettings),
  openid: section(openidSettings),
  sightings: section(sightingsSettings),
  urls: section(urlsSettings),
  fetch: section(fetchSettings),
  decode: section(decodeSettings),
  pool: section(poolSettings),
  register: section(registerSettings),
  index: section(indexSettings),
  match: section(matchSettings),
  matcher: section(matcherSettings),
  audit: section(auditSettings),
  assignments: section(assignmentsSettings),
  batches: section(batchesSettings),
  backup: section(backupSettings),
  features: section(featuresSettings),
  model: section(modelSettings),
  alerts: section(alertSettings),
  webhooks: section(webhookSettings),
  policy: section(policySettings),
  trace: section(traceSettings),
  route: section(routeSettings),
  house: section(houseSettings),
  mail: section(mailSettings),
  inbox: section(inboxSettings),
  sisters: section(sistersSettings),
  tipline: section(tiplineSettings),
  takedown: section(takedownSettings),
  cloudflare: section(cloudflareSettings),
  aws: section(awsSettings),
  exchange: section(exchangeSettings),
  hotlineExports: section(hotlineExportSettings),
  iccam: section(iccamSettings),
  recheck: section(recheckSettings),
  looks: section(looksSettings),
  retention: section(retentionSettings),
  reports: section(reportSettings),
})

/** The settings in force. */
export type Config = z.infer<typeof schema>
