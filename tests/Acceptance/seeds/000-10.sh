curl -i http://127.0.0.1:8000/health

CID=$(uuidgen)
curl -i -X POST http://127.0.0.1:8000/clients/ \
  -H 'Content-Type: application/json' \
  -d "{\"id\":\"$CID\",\"type\":\"company\",\"name\":\"Client Test\",\"email\":\"test@example.com\"}"
curl -i http://127.0.0.1:8000/clients/
curl -i http://127.0.0.1:8000/clients/$CID
