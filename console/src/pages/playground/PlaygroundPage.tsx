import { useSearch } from '@tanstack/react-router'
import { ChatPlay } from './ChatPlay'
import { EmbeddingsPlay } from './EmbeddingsPlay'
import { RerankPlay } from './RerankPlay'

/** Models tried by hand: chat, vectors, ranks. */
export default function PlaygroundPage() {
  const { play } = useSearch({ from: '/app/playground' })
  if (play === 'embeddings') return <EmbeddingsPlay />
  return play === 'rerank' ? <RerankPlay /> : <ChatPlay />
}
