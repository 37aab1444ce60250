"""Follows the price and the load targets of a running twin with the read-only user.

Needs: pip install nats-py. Run: python docs/examples/subscribe.py [HOME] [COUNT]
"""

import asyncio
import json
import pathlib
import sys

import nats
from nats.js.api import ConsumerConfig, DeliverPolicy


async def main() -> None:
    home = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".loadstone")
    count = int(sys.argv[2]) if len(sys.argv) > 2 else None
    servers = json.loads((home / "run/endpoints.json").read_text())["servers"]
    passwords = json.loads((home / "run/secrets.json").read_text())["nats"]
    connection = await nats.connect(
        servers["nats"]["url"],
        user="integrator",
        password=passwords["integrator"],
        inbox_prefix=b"_INBOX_integrator",
    )
    subscription = await connection.jetstream().subscribe(
        "twin.*.grid.price.v1.*",
        stream="TWIN",
        ordered_consumer=True,
        config=ConsumerConfig(deliver_policy=DeliverPolicy.ALL),
    )
    seen = 0
    async for message in subscription.messages:
        event = json.loads(message.data)
        print(event["time"], event["type"], event["subject"], event["data"]["priceUsdPerMwh"], flush=True)
        seen += 1
        if seen == count:
            break
    await connection.close()


asyncio.run(main())
