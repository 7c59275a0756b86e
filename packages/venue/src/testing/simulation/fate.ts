import type { Surroundings } from "./surroundings.ts";
import type { VenueHost } from "./venue-host.ts";

/** Sends a world its plagues, one after the other, and ends them. */
export class Fate {
  readonly #world: Surroundings;
  readonly #host: VenueHost;
  #over = false;

  constructor(world: Surroundings, host: VenueHost) {
    this.#world = world;
    this.#host = host;
  }

  get isOver(): boolean {
    return this.#over;
  }

  begin(): void {
    const { climate, machine, network } = this.#world;
    const { plagues, plaguedMs, syncMs } = climate;
    const { manners } = machine.disk;
    manners.syncMs = syncMs;
    if (plagues.slowDisk) manners.stall = 0.02;
    if (plagues.failingDisk) {
      Object.assign(manners, { failToSync: 0.004, failToWrite: 0.004, failToRead: 0.004 });
    }
    if (plagues.badNetwork) {
      Object.assign(network.manners, { loss: 0.15, duplication: 0.15, delay: 0.1 });
    }
    this.#strikeLater();
    this.#world.later(plaguedMs, "peace", () => this.#end());
  }

  #end(): void {
    const { database, machine, network } = this.#world;
    this.#over = true;
    this.#world.say("the plagues are over");
    const healthy = { stall: 0, failToSync: 0, failToWrite: 0, failToRead: 0 };
    Object.assign(machine.disk.manners, { ...healthy, full: false, readOnly: false });
    Object.assign(network.manners, { loss: 0, duplication: 0, delay: 0, parted: false });
    database.down = false;
    this.#host.wakeReplaced();
  }

  #strikeLater(): void {
    const { climate, dice } = this.#world;
    this.#world.later(climate.betweenMs * dice.between(0.1, 2), "strike", () => {
      if (this.#over) return;
      this.#strike();
      this.#strikeLater();
    });
  }

  #strike(): void {
    const host = this.#host;
    const { climate, dice } = this.#world;
    const { plagues } = climate;
    const blows: (() => void)[] = [];
    if (plagues.kill) blows.push(() => host.kill());
    if (plagues.powerCut) blows.push(() => host.cutPower());
    if (plagues.restart) blows.push(() => host.restart());
    if (plagues.sleepyWriter) blows.push(() => host.replaceSleepingWriter());
    if (plagues.bitRot) blows.push(() => host.rotABit());
    if (plagues.clockJumps) blows.push(() => this.#jumpClock());
    if (plagues.databaseOutage) blows.push(() => this.#interruptDatabase());
    if (plagues.partition) blows.push(() => this.#partNetwork());
    if (plagues.fullDisk) blows.push(() => this.#closeDisk("full", "the disk is full"));
    if (plagues.readOnlyDisk) {
      blows.push(() => this.#closeDisk("readOnly", "the disk can only be read"));
    }
    if (blows.length > 0) dice.pick(blows)();
  }

  #jumpClock(): void {
    this.#host.clockAhead += Math.round(this.#world.dice.between(-300, 300));
    this.#world.say(`the clock is now ${this.#host.clockAhead} ms ahead`);
  }

  #closeDisk(how: "full" | "readOnly", inWords: string): void {
    const { dice, machine } = this.#world;
    machine.disk.manners[how] = true;
    this.#world.say(inWords);
    this.#world.later(dice.between(10, 200), "disk is open", () => {
      machine.disk.manners[how] = false;
    });
  }

  #interruptDatabase(): void {
    const { database, dice } = this.#world;
    database.down = true;
    this.#world.say("the database is down");
    this.#world.later(dice.between(5, 150), "database is up", () => {
      database.down = false;
    });
  }

  #partNetwork(): void {
    const { dice, network } = this.#world;
    network.manners.parted = true;
    this.#world.say("the network is parted");
    this.#world.later(dice.between(5, 150), "network is whole", () => {
      network.manners.parted = false;
    });
  }
}
