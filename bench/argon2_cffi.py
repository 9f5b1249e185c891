"""Hash with argon2-cffi for some seconds on one thread, at Doorward's default cost, and print the hashes a second.

    python argon2_cffi.py SECONDS
"""

import sys
import time

from argon2.low_level import Type, hash_secret_raw

begun, done = time.monotonic(), 0
while time.monotonic() - begun < float(sys.argv[1]):
    hash_secret_raw(b"correct horse battery", b"sixteen bytes ok", 2, 19456, 1, 32, Type.ID)
    done += 1
print(done / (time.monotonic() - begun))
