export { callOut } from './call-out.ts'
export { createDestinations, type Destinations, type DestinationSettings } from './destination.ts'
export {
  type Ask,
  createAsk,
  createPost,
  type EndpointAnswer,
  type Post,
  PostError,
} from './post.ts'
export { newSecret, sign } from './signature.ts'
