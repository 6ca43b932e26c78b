CID1=$(uuidgen); CID2=$(uuidgen)
curl -s -o /dev/null -w "%{http_code}\n" -X POST http://127.0.0.1:8000/clients/ \
  -H 'Content-Type: application/json' \
  -d '{"id":"'"$CID1"'","type":"company","name":"Dup Email","email":"dup@example.com"}'

curl -s -o /dev/null -w "%{http_code}\n" -X POST http://127.0.0.1:8000/clients/ \
  -H 'Content-Type: application/json' \
  -d '{"id":"'"$CID2"'","type":"company","name":"Dup Email 2","email":"DUP@example.com"}'
# attendu: 409
