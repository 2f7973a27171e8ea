import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { io } from "socket.io-client";
import type { Message } from "../api/client";
import { session } from "../api/session";
import { put } from "./queries";

type LiveEvent = {
  type: string;
  cursor?: string;
  conversationId?: string;
  data?: { message?: Message };
};

/**
 * Follows the inbox for as long as the component is there, and keeps what is shown up to date. Answers whether the
 * server is connected. After a pause the server tells everything that was missed, from the last cursor on; where that
 * is too long ago, everything is asked for anew.
 */
export function useLive(): boolean {
  const queries = useQueryClient();
  const [connected, setConnected] = useState(true);
  useEffect(() => {
    let cursor: string | undefined;
    const socket = io({
      transports: ["websocket", "polling"],
      auth: (give) => void session.token().then((token) => give({ token })),
    });
    const follow = () =>
      socket.emit(
        "subscribe",
        { topics: ["inbox"], ...(cursor ? { after: cursor } : {}) },
        (answer: { ok?: boolean; cursor?: string; snapshotRequired?: boolean }) => {
          if (!answer.ok) {
            // The place cannot be gone on from; the next connection begins anew.
            cursor = undefined;
          }
          if (!cursor || answer.snapshotRequired) {
            void queries.invalidateQueries();
          }
          cursor = answer.cursor ?? cursor;
          setConnected(answer.ok === true);
        },
      );
    socket.on("connect", follow);
    socket.on("disconnect", () => setConnected(false));
    socket.on("connect_error", () => setConnected(false));
    socket.onAny((_name: string, event: LiveEvent) => {
      cursor = event.cursor ?? cursor;
      const message = event.data?.message;
      const id = event.conversationId;
      if (message) {
        put(queries, message);
      } else if (id && event.type?.startsWith("message.")) {
        void queries.invalidateQueries({ queryKey: ["messages", id] });
      }
      if (id) {
        void queries.invalidateQueries({ queryKey: ["conversation", id] });
        void queries.invalidateQueries({ queryKey: ["conversations"] });
      }
    });
    return () => {
      socket.close();
    };
  }, [queries]);
  return connected;
}
