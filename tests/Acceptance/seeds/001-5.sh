CID=$(uuidgen)
curl -i -X POST http://127.0.0.1:8000/clients/ \
  -H 'Content-Type: application/json' \
  -d "{\"id\":\"$CID\",\"type\":\"company\",\"name\":\"Client Test\",\"email\":\"test@example.com\"}"

# 1ère création
CID1=$(uuidgen)
curl -i -X POST http://127.0.0.1:8000/clients/ \
  -H 'Content-Type: application/json' \
  -d "{\"id\":\"$CID1\",\"type\":\"company\",\"name\":\"DUP1\",\"email\":\"dup@example.com\"}"

# 2ème création avec le même email (casse ignorée)
CID2=$(uuidgen)
curl -i -X POST http://127.0.0.1:8000/clients/ \
  -H 'Content-Type: application/json' \
  -d "{\"id\":\"$CID2\",\"type\":\"company\",\"name\":\"DUP2\",\"email\":\"Dup@Example.com\"}"
# Attendu: HTTP/1.1 409 Conflict

curl -i http://127.0.0.1:8000/clients/

curl -i http://127.0.0.1:8000/clients/$CID
