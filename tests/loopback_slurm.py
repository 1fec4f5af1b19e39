"""A real Slurm on the loopback device: munged, slurmctld and two slurmd, run as child processes.

For tests and benchmarks. Everything is in one temporary folder, ports are free ones, and both end
with the context manager, whatever happened inside of it.

    python loopback_slurm.py COMMAND   run a command with such a Slurm, or without where none can be
"""

import contextlib
import getpass
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sinfo", "sbatch", "squeue", "scancel", "srun")
NODES = ("n1", "n2")
GPU_NODE = "n2"  # where Slurm counts one GPU, of which nothing exists but the name
# Loopback only; no accounting, so finished jobs stay in the controller's memory (MinJobAge) for
# squeue; memory limits by polling the processes, because cgroups are not ours to use.
CONFIG = """\
ClusterName=loopback
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge.socket
SlurmUser={user}
SlurmdUser={user}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerParameters=sched_interval=1,bf_interval=1
SlurmdParameters=config_overrides
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MpiDefault=none
SwitchType=switch/none
KillWait=2
SlurmdTimeout=10
MinJobAge=3600
GresTypes=gpu
NodeName=DEFAULT CPUs={cpus} RealMemory={memory}
NodeName=n1 NodeAddr=127.0.0.1 NodeHostname={host} Port={ports[1]}
NodeName=n2 NodeAddr=127.0.0.1 NodeHostname={host} Port={ports[2]} Gres=gpu:1
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
"""


@dataclass
class Job:
    """What Slurm says of a job: its state and node, what it asked for, how long it ran."""

    number: int
    state: str
    node: str
    cpus: int
    memory_mb: int
    minutes: int
    seconds: int
    gpus: str
    rules: str


@dataclass
class Slurm:
    """A running Slurm: the environment in which its commands work, the daemon of each node."""

    environment: dict[str, str]
    nodes: dict[str, subprocess.Popen] = field(default_factory=dict)

    def command(self, *arguments: str) -> str:
        """Output of one of Slurm's commands."""
        return subprocess.run(
            arguments, env=self.environment, check=True, capture_output=True, text=True, timeout=60
        ).stdout

    def jobs(self) -> list[Job]:
        """All jobs so far, finished ones too, in the order of submission."""
        columns = "JobID State NodeList NumCPUs MinMemory TimeLimit TimeUsed tres-per-job Comment"
        columns = ",".join(f"{column}:|" for column in columns.split())
        jobs = []
        for line in self.command(
            "squeue", "--noheader", "--states=all", "--sort=i", f"--Format={columns}"
        ).splitlines():
            number, state, node, cpus, memory, limit, used, gpus, rules = line.split("|")[:9]
            numbers = int(cpus), _megabytes(memory), _seconds(limit) // 60, _seconds(used)
            jobs.append(Job(int(number), state, node, *numbers, gpus, rules))
        return jobs


def _megabytes(text: str) -> int:
    """4000M, 2G, 1.5G or 0, as squeue writes memory."""
    unit = {"M": 1, "G": 1024}.get(text[-1])
    return int(float(text[:-1]) * unit) if unit else int(text)


def _seconds(text: str) -> int:
    """Seconds of [[d-]h:]m:s, as squeue writes times; 0 of a job that never ran."""
    days, _, clock = text.rpartition("-")
    if not clock.replace(":", "").isdigit():
        return 0
    seconds = 0
    for part in clock.split(":"):
        seconds = 60 * seconds + int(part)
    return 86400 * int(days or 0) + seconds


def missing() -> str:
    """Why there can be no Slurm here; empty where there can."""
    absent = [name for name in PROGRAMS if not shutil.which(name)]
    if absent:
        return f"no Slurm here (apt-get install slurm-wlm): {', '.join(absent)} not found"
    return "" if os.geteuid() == 0 else "a Slurm of our own is tried as root only"


@contextlib.contextmanager
def running(cpus: int = 1, memory: int = 16000) -> Iterator[Slurm]:
    """Start a Slurm of two nodes with so many CPUs and MB each; end it and its jobs at the end.

    Slurm takes these numbers as they are, whatever the machine has.
    """
    # Short, because the path of a socket has at most 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="slurm-", dir="/tmp"))
    config = folder / "slurm.conf"
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("SLURM", "SBATCH"))}
    environment |= {"SLURM_CONF": str(config), "PATH": f"{folder}/bin:{os.environ['PATH']}"}
    slurm = Slurm(environment)
    daemons: list[subprocess.Popen] = []
    try:
        key = folder / "munge.key"
        key.touch(mode=0o600)
        key.write_bytes(secrets.token_bytes(128))
        host, ports = socket.gethostname().split(".")[0], _free_ports(3)
        values = {"host": host, "ports": ports, "cpus": cpus, "memory": memory}
        config.write_text(CONFIG.format(folder=folder, user=getpass.getuser(), **values))
        (folder / "gres.conf").write_text(f"NodeName={GPU_NODE} Name=gpu File=/dev/null\n")
        for name in ("state", "bin", *(f"spool-{node}" for node in NODES)):
            (folder / name).mkdir()
        # The executor drops SLURM_CONF before the srun inside of a job, which a cluster with its
        # configuration in /etc does not notice.
        srun = folder / "bin" / "srun"
        srun.write_text(f'#!/bin/sh\nSLURM_CONF={config} exec {shutil.which("srun")} "$@"\n')
        srun.chmod(0o755)
        munge = ["munged", "--foreground", "--force", "--num-threads=2", f"--key-file={key}"]
        munge += [f"--socket={folder}/munge.socket", f"--pid-file={folder}/munge.pid"]
        munge += [f"--seed-file={folder}/munge.seed", f"--log-file={folder}/munged.log"]
        commands = [munge, ["slurmctld", "-D", "-c"], *(["slurmd", "-D", "-N", n] for n in NODES)]
        for number, command in enumerate(commands):
            with open(folder / f"daemon-{number}.log", "wb") as log:
                daemon = subprocess.Popen(
                    command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    start_new_session=True,  # Ctrl-C is for the caller: jobs end before the daemons
                )  # fmt: skip
            daemons.append(daemon)
            if command[0] == "slurmd":
                slurm.nodes[command[-1]] = daemon
            if command is munge:
                _wait(lambda: (folder / "munge.socket").exists(), daemons, folder)
        _wait(lambda: _idle_nodes(slurm) == len(NODES), daemons, folder)
        yield slurm
    finally:
        _end(slurm, daemons)
        _kill_orphans(folder)
        shutil.rmtree(folder, ignore_errors=True)


def _free_ports(number: int) -> list[int]:
    """Ports of the loopback device that nobody listens on, all different."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _idle_nodes(slurm: Slurm) -> int:
    """How many nodes are ready for jobs; 0 while the controller does not answer."""
    try:
        return slurm.command("sinfo", "--noheader", "--Node", "--format=%t").split().count("idle")
    except subprocess.CalledProcessError:
        return 0


def _wait(reached: Callable[[], bool], daemons: list[subprocess.Popen], folder: Path) -> None:
    """Wait for a state; RuntimeError with the logs if a daemon ends or a minute passes before."""
    deadline = time.monotonic() + 60
    while not reached():
        if any(daemon.poll() is not None for daemon in daemons) or time.monotonic() > deadline:
            logs = (f"{p.name}:\n{p.read_text()[-2000:]}" for p in sorted(folder.glob("*.log")))
            raise RuntimeError("Slurm did not start\n" + "\n".join(logs))
        time.sleep(0.1)


def _end(slurm: Slurm, daemons: list[subprocess.Popen]) -> None:
    """Cancel all jobs, wait until their processes are gone, then end the daemons."""
    with contextlib.suppress(subprocess.SubprocessError, OSError):
        slurm.command("scancel", "--user", getpass.getuser())
        deadline = time.monotonic() + 30
        while slurm.command("squeue", "--noheader") and time.monotonic() < deadline:
            time.sleep(0.2)
    for daemon in reversed(daemons):
        daemon.send_signal(signal.SIGTERM)
        try:
            daemon.wait(timeout=10)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()


def _kill_orphans(folder: Path) -> None:
    """Kill what is left of the jobs: without cgroups, Slurm loses children of a killed step.

    They are known by the folder of this Slurm, which is in the environment of all that it started.
    """
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.fsencode(folder) in (process / "environ").read_bytes():
                os.kill(int(process.name), signal.SIGKILL)


def main() -> int:
    """Run the command of the command line; return its exit status."""
    if reason := missing():
        print(reason, file=sys.stderr)
        return subprocess.run(sys.argv[1:]).returncode
    with running() as slurm:
        return subprocess.run(sys.argv[1:], env=slurm.environment).returncode


if __name__ == "__main__":
    sys.exit(main())
