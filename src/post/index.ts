export { callOut } from './call-out.ts'
export { createDestinations, type Destinations, type DestinationSettings } from './destination.ts'
export { createPost, type Post, PostFailure } from './post.ts'
export { newSecret, sign } from './signature.ts'
