// Asking before what cannot be undone. The button says what it does, never "OK".
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { problemOf } from "@/api/problem";
import { FormProblem } from "./page";
import { Button } from "./ui/button";
import { Dialog } from "./ui/dialog";

export function Confirm(props: {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** What the button says and does. */
  does: string;
  run: () => Promise<unknown>;
  isDanger?: boolean;
}) {
  const act = useMutation({ mutationFn: props.run, onSuccess: props.onClose });
  const close = () => {
    act.reset();
    props.onClose();
  };
  return (
    <Dialog
      isOpen={props.isOpen}
      onClose={close}
      title={props.title}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button look={props.isDanger === false ? "primary" : "danger"} isBusy={act.isPending} onClick={() => act.mutate()}>
            {props.does}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 text-sm text-ink-2">
        {props.children}
        <FormProblem problem={act.error ? problemOf(act.error) : null} />
      </div>
    </Dialog>
  );
}
