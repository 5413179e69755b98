import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { followLive, type LiveState } from '@/api/live'

const LiveContext = createContext<LiveState>('connecting')

/** Whether what is on screen is live at this moment. */
export const useLiveState = () => useContext(LiveContext)

/** Follows the live stream while someone is signed in. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient()
  const [state, setState] = useState<LiveState>('connecting')
  useEffect(() => followLive(queries, setState), [queries])
  return <LiveContext value={state}>{children}</LiveContext>
}
