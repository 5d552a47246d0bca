from __future__ import annotations
from sqlalchemy import select
from db import history
from db.engine import reading, transaction
from db.models import *
from db.defaults import add_options
from db.policy import SYSTEM
from db.transfer import importer
from db.transfer.reader import read

def imp(actor, noun, text):
    table = read("x.csv", text.encode())
    m = importer.match(actor, noun, table)
    p = importer.dry_run(actor, noun, table, m.suggested)
    print(p)
    return importer.run(actor, noun, table, m.suggested)

def n(actor, model):
    with reading(actor) as s: return len(s.scalars(select(model)).all())

def test_tree(acme):
    r=imp(acme.ada,"product_line","name,part of\nA,\nB,A\nC,B\n")
    assert n(acme.ada,ProductLine)==3
    u=history.undo(acme.ada,r.change_id)
    assert n(acme.ada,ProductLine)==0
    history.undo(acme.ada,u)
    assert n(acme.ada,ProductLine)==3

def test_orders(acme):
    imp(acme.ada,"customer","name\nAcme\n")
    imp(acme.ada,"product","code,name,price\nG1,Tea,5\nG2,Pot,20\n")
    r=imp(acme.ada,"order","code,customer,date,product,quantity\nO1,Acme,2024-01-02,G1,2\nO1,Acme,2024-01-02,Pot,1\nO2,Acme,2024-01-02,G1,1\n")
    assert n(acme.ada,OrderLine)==3
    u=history.undo(acme.ada,r.change_id)
    assert n(acme.ada,Order)==0
    history.undo(acme.ada,u)
    assert n(acme.ada,OrderLine)==3

def test_tags(acme):
    imp(acme.ada,"tag","name\nKey\n")
    r=imp(acme.ada,"customer","name,tags\nAcme,Key\nBeta,Key\n")
    assert n(acme.ada,CustomerTag)==2
    u=history.undo(acme.ada,r.change_id)
    assert n(acme.ada,CustomerTag)==0
    history.undo(acme.ada,u)
    assert n(acme.ada,CustomerTag)==2
