"""A till in Python, with its standard library: redeems points, reports the payment, and asks again while it does not know.

REDEMPTION_API_KEY=prk_… python3 examples/till.py S12-T3-2002 member-1 500
"""

import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.request

ORIGIN = os.environ.get("GATEWAY_ORIGIN", "http://127.0.0.1:8080")
KEY = os.environ.get("REDEMPTION_API_KEY", "")


def redeem(sale: dict) -> dict:
    """200, 201 and 422 carry the redemption; its "granted" says which it is."""
    return post("/v1/redemptions", sale)


def capture(sold: dict, payment_id: str) -> None:
    """Safe to repeat, because the event id stays the same."""
    path = f"/v1/redemptions/{sold['program']}/{sold['redemptionId']}/capture"
    post(path, {"eventId": f"captured-{payment_id}", "paymentId": payment_id})


def post(path: str, body: dict) -> dict:
    request = urllib.request.Request(
        ORIGIN + path,
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {KEY}", "Content-Type": "application/json", "Prefer": "wait=5"},
    )
    pause = 0.5
    while True:
        retry_after = None
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code < 500 and error.code != 429:
                content = json.load(error)
                if "problem" not in error.headers.get("Content-Type", ""):
                    return content  # 422: not granted, for good
                # Asking again changes nothing.
                raise ValueError(f"{content.get('detail', content['title'])} {content['remedy']}")
            retry_after = error.headers.get("Retry-After")
        except (OSError, http.client.HTTPException):
            pass  # no whole answer within ten seconds
        # Not known. Ask again with the same id and the same content, and give no discount meanwhile.
        time.sleep(float(retry_after or pause))
        pause = min(pause * 2, 30)


def main(redemption_id: str = "S12-T3-2002", member: str = "member-1", points: str = "500") -> None:
    redemption = redeem(
        {
            "program": "coffee-club",
            "redemptionId": redemption_id,
            "member": member,
            "points": int(points),
            "basket": {"amount": "20.00", "currency": "GBP"},
            "store": "S12",
            "till": "T3",
        }
    )
    if redemption["granted"]:
        discount = redemption["discount"]
        print(f"granted: {discount['amount']} {discount['currency']} off")
        # Here the customer pays the rest.
        capture(redemption, f"pay-{redemption_id}")
        print("payment reported")
    else:
        print(f"not granted: {redemption['reason']}")


main(*sys.argv[1:])
