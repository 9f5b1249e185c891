# An authority, and a certificate for two hosts: bash authority.bash FOLDER HOST HOST
#
# Afterwards FOLDER has ca.pem; hosts.pem and hosts.key; both and the key in all.pem; and the hash of the public key in
# spki, as Chromium wants it.
set -euo pipefail
cd "$1"
key="-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
printf '%s\n' '[req]' 'distinguished_name = name' '[name]' '[ca]' 'basicConstraints = critical, CA:TRUE' \
    'keyUsage = critical, keyCertSign' '[hosts]' 'basicConstraints = critical, CA:FALSE' \
    'extendedKeyUsage = serverAuth' 'authorityKeyIdentifier = keyid' "subjectAltName = DNS:$2, DNS:$3" >openssl.cnf
# shellcheck disable=SC2086
openssl req -x509 $key -config openssl.cnf -extensions ca -subj "/CN=Test CA" -keyout ca.key -out ca.pem
# shellcheck disable=SC2086
openssl req -x509 $key -config openssl.cnf -extensions hosts -subj "/CN=$2" -CA ca.pem -CAkey ca.key \
    -keyout hosts.key -out hosts.pem
cat hosts.pem hosts.key >all.pem
openssl x509 -in hosts.pem -noout -pubkey | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary |
    openssl base64 >spki
