import type { Principal } from '../access/index.ts'
import type {
  ConsumerView,
  DeadLetter,
  NewWebhook,
  PostResult,
  ResendReport,
  WebhookView,
} from '../alerts/index.ts'
import type { Alert } from '../cases/index.ts'
import type { Page } from './types.ts'

/** Where to go on in the feed of alerts: behind a cursor, else where a named consumer is. */
export interface AlertQuery {
  readonly after?: string
  readonly consumer?: string
  readonly limit?: number
}

/** One reader that follows the alerts. */
export interface AlertStream {
  /** Waits for more until aborted. */
  pages(signal: AbortSignal): AsyncIterable<readonly Alert[]>
  /** Called once, when the reader is gone: another may come. */
  closed(): void
}

/** How alerts reach the takedown pipeline: see the stage `alerts` for what each throws. */
export interface AlertsApi {
  alerts(by: Principal, query: AlertQuery): Promise<readonly Alert[]>
  /**
   * Page after page as alerts come. What is wrong with the query is thrown before the stream begins, as is
   * OVERLOADED where `alerts.streamsMax` are open.
   */
  openAlertStream(by: Principal, query: AlertQuery): Promise<AlertStream>
  acknowledgeAlerts(by: Principal, consumer: string, cursor: string): Promise<ConsumerView>
  alertConsumers(by: Principal): Promise<readonly ConsumerView[]>
  removeAlertConsumer(by: Principal, name: string): Promise<void>

  webhooks(by: Principal): Promise<readonly WebhookView[]>
  addWebhook(by: Principal, url: string, after?: string): Promise<NewWebhook>
  testWebhook(by: Principal, id: string): Promise<PostResult>
  disableWebhook(by: Principal, id: string): Promise<WebhookView>
  enableWebhook(by: Principal, id: string): Promise<WebhookView>
  removeWebhook(by: Principal, id: string): Promise<void>
  rotateWebhook(by: Principal, id: string, overlapHours: number): Promise<NewWebhook>
  deadLetters(by: Principal, id: string, page: Page): Promise<readonly DeadLetter[]>
  resendDeadLetters(by: Principal, id: string, sequence?: number): Promise<ResendReport>
}
