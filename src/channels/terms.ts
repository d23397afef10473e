export { CHANNEL_KINDS, channelText } from './channels.ts'
