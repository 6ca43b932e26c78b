"""The clients API as it is usually written with FastAPI and SQLAlchemy: the peer Socle is compared with."""
import os
from datetime import datetime
from typing import Any, List, Optional
from uuid import UUID

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import Column, DateTime, ForeignKey, Text, create_engine, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlalchemy.orm import declarative_base, joinedload, relationship, sessionmaker

# A fixed pool: with overflow, connections would be opened and closed under load.
engine = create_engine(os.environ["DATABASE_URL"], pool_size=8, max_overflow=0)
SessionLocal = sessionmaker(bind=engine)
Base = declarative_base()


class Client(Base):
    __tablename__ = "clients"
    id = Column(PgUuid(as_uuid=True), primary_key=True, server_default=text("gen_random_uuid()"))
    type = Column(Text)
    name = Column(Text)
    company_name = Column(Text)
    first_name = Column(Text)
    last_name = Column(Text)
    siret = Column(Text)
    email = Column(Text)
    phone = Column(Text)
    address = Column(Text)
    city = Column(Text)
    status = Column(Text, server_default="active")
    tags = Column(ARRAY(Text), server_default="{}")
    last_service = Column(Text)
    contacts = Column(JSONB)
    created_at = Column(DateTime(timezone=True), server_default=func.now())
    updated_at = Column(DateTime(timezone=True), server_default=func.now())


class Engagement(Base):
    __tablename__ = "engagements"
    id = Column(PgUuid(as_uuid=True), primary_key=True, server_default=text("gen_random_uuid()"))
    client_id = Column(PgUuid(as_uuid=True), ForeignKey("clients.id"))
    title = Column(Text)
    starts_at = Column(DateTime(timezone=True))
    client = relationship(Client)


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


class Schema(BaseModel):
    class Config:
        alias_generator = camel
        allow_population_by_field_name = True
        orm_mode = True


class ClientIn(Schema):
    type: Optional[str]
    name: Optional[str]
    company_name: Optional[str]
    first_name: Optional[str]
    last_name: Optional[str]
    siret: Optional[str]
    email: Optional[str]
    phone: Optional[str]
    address: Optional[str]
    city: Optional[str]
    status: Optional[str]
    tags: Optional[List[str]]
    last_service: Optional[str]
    contacts: Optional[Any]


class ClientOut(ClientIn):
    id: UUID
    created_at: datetime
    updated_at: datetime


class ClientName(Schema):
    id: UUID
    name: Optional[str]
    city: Optional[str]


class EngagementOut(Schema):
    id: UUID
    title: Optional[str]
    starts_at: Optional[datetime]
    client: Optional[ClientName]


class OneClient(BaseModel):
    success: bool = True
    data: ClientOut


class ManyClients(BaseModel):
    success: bool = True
    data: List[ClientOut]
    total: Optional[int]


class ManyEngagements(BaseModel):
    success: bool = True
    data: List[EngagementOut]


app = FastAPI()


def ordering(model, sort: str):
    column = getattr(model, sort.lstrip("-"))
    return column.desc() if sort.startswith("-") else column.asc()


@app.get("/health")
def health():
    return {"status": "ok"}


# Each endpoint closes its session itself: a session that a dependency closes waits for a thread of the pool while
# other threads wait for its connection, and under load all stand still.
@app.get("/clients/{client_id}", response_model=OneClient)
def get_client(client_id: UUID):
    with SessionLocal() as db:
        client = db.get(Client, client_id)
        if client is None:
            raise HTTPException(404)
        return {"data": client}


@app.get("/clients", response_model=ManyClients)
def list_clients(sort: str = "name", status: Optional[str] = None, limit: int = 100, total: bool = False):
    with SessionLocal() as db:
        query = db.query(Client)
        if status is not None:
            query = query.filter(Client.status == status)
        count = query.count() if total else None
        return {"data": query.order_by(ordering(Client, sort)).limit(limit).all(), "total": count}


@app.post("/clients", response_model=OneClient, status_code=201)
def create_client(body: ClientIn):
    with SessionLocal() as db:
        client = Client(**body.dict(exclude_unset=True))
        db.add(client)
        db.commit()
        db.refresh(client)
        return {"data": client}


@app.patch("/clients/{client_id}", response_model=OneClient)
def patch_client(client_id: UUID, body: ClientIn):
    with SessionLocal() as db:
        client = db.get(Client, client_id)
        if client is None:
            raise HTTPException(404)
        for name, value in body.dict(exclude_unset=True).items():
            setattr(client, name, value)
        db.commit()
        db.refresh(client)
        return {"data": client}


@app.get("/engagements", response_model=ManyEngagements)
def list_engagements(sort: str = "-starts_at", limit: int = 100):
    with SessionLocal() as db:
        query = db.query(Engagement).options(joinedload(Engagement.client))
        return {"data": query.order_by(ordering(Engagement, sort)).limit(limit).all()}
