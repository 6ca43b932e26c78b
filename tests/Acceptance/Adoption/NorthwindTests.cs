using System.Net;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance.Adoption;

/// <summary>A trading house's database in the manner of the old Northwind, served as it is.</summary>
[Collection(nameof(ForeignDatabases))]
public sealed class NorthwindTests(ForeignDatabases databases)
{
    public static TheoryData<AdoptedTable> Tables { get; } =
    [
        new AdoptedTable("Categories", "CategoryID", """{"CategoryID":9,"CategoryName":"Épices","Picture":"\\x01"}""", """{"CategoryName":"Sel"}""", """{"CategoryID":40000,"CategoryName":"x"}""", "CategoryID", "Products(ProductName)"),
        new AdoptedTable("Customers", "CustomerID", """{"CustomerID":"NEU  ","CompanyName":"Neu","Postal Code":"01000"}""", """{"Postal Code":"02000","City":null}""", """{"CustomerID":"TOOLONG","CompanyName":"x"}""", "CustomerID", "Orders(OrderID)", "CustomerDemographics(CustomerDesc)"),
        new AdoptedTable("CustomerDemographics", "CustomerTypeID", """{"CustomerTypeID":"a,b \"c\"/d.e","CustomerDesc":null}""", """{"CustomerDesc":"x"}""", """{"CustomerTypeID":null}""", "CustomerTypeID", "CustomerCustomerDemo(CustomerID)"),
        new AdoptedTable("CustomerCustomerDemo", "CustomerID,CustomerTypeID", """{"CustomerID":"AB   ","CustomerTypeID":"gros, détail/1.5"}""", "{}", """{"CustomerID":"AB","CustomerTypeID":"?"}""", "CustomerTypeID", "Customers(CompanyName)"),
        new AdoptedTable("Employees", "EmployeeID", """{"EmployeeID":3,"LastName":"Leverling","BirthDate":"1963-08-30","ReportsTo":2,"Salary":"$12.50"}""", """{"Salary":"$1,000.00"}""", """{"EmployeeID":4,"LastName":"x","ReportsTo":99}""", "ReportsTo", "Employees(LastName)", "ReportsTo(LastName)", "Orders(OrderID)"),
        new AdoptedTable("Products", "ProductID", """{"ProductName":"Thé","CategoryID":1,"UnitPrice":9.2}""", """{"UnitPrice":0.1}""", """{"ProductName":"x","UnitPrice":"cher"}""", "UnitPrice", "Categories(CategoryName)", "Orders(OrderID)", "Order Details(Quantity)"),
        new AdoptedTable("Orders", "OrderID", """{"CustomerID":"AB   ","EmployeeID":1,"OrderDate":"2026-01-31","Freight":1.2345}""", """{"Freight":2}""", """{"OrderID":7}""", "OrderID", "Customers(CompanyName)", "Employees(LastName)", "Order Details(Quantity)", "Products(ProductName)"),
        new AdoptedTable("Order Details", "OrderID,ProductID", """{"OrderID":2,"ProductID":2,"UnitPrice":"$3.00","Quantity":4,"Discount":0.05}""", """{"UnitPrice":"$3.50"}""", """{"OrderID":2,"ProductID":2,"UnitPrice":"cher"}""", "UnitPrice", "Orders(OrderDate)", "Products(ProductName)"),
        new AdoptedTable("Territories", "TerritoryID", """{"TerritoryID":"\"1\", rue/a b.c","TerritoryDescription":"x  "}""", """{"TerritoryDescription":"y"}""", """{"TerritoryID":"123456789012345678901","TerritoryDescription":"x"}""", "TerritoryID"),
        new AdoptedTable("us_states", "stateAbbr=eq.ZZ", """{"stateName":"Nowhere","stateAbbr":"ZZ"}""", """{"stateRegion":"west"}""", """{"stateAbbr":"ZZZ"}""", "stateAbbr"),
        new AdoptedTable("Current Product List", "ProductID=eq.500", """{"ProductID":500,"ProductName":"Vu"}""", """{"ProductName":"Revu"}""", """{"ProductID":"x"}""", "ProductID"),
    ];

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task A_table_is_read_and_written(AdoptedTable table) => await table.GoThrough(await databases.Serve("northwind"));

    [Fact]
    public async Task A_record_without_a_key_has_no_address_and_says_why()
    {
        var http = await databases.Serve("northwind");
        var refused = (await http.Get("/api/us_states/1")).Expect(HttpStatusCode.NotFound);
        Assert.Contains("no primary key", (string)refused.Json["error"]!["message"]!, StringComparison.Ordinal);
        (await http.Send(HttpMethod.Patch, "/api/us_states", """{"stateRegion":"x"}""")).Expect(HttpStatusCode.BadRequest);
        (await http.Send(HttpMethod.Delete, "/api/us_states")).Expect(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Names_with_spaces_work_in_every_part_of_a_query()
    {
        var http = await databases.Serve("northwind");
        Assert.Single((await http.Get("/api/Customers?select=CustomerID,Postal%20Code&Postal%20Code=eq.12209&order=Postal%20Code.desc")).Expect(HttpStatusCode.OK).Records);
        var orders = (await http.Get("/api/Orders?select=OrderID,Order%20Details(Quantity)&Order%20Details.Quantity=gt.10&order=OrderID")).Expect(HttpStatusCode.OK).Records;
        Assert.Single(orders[0]!["Order Details"]!.AsArray());
        Assert.StartsWith("OrderID,ProductID,UnitPrice", (await http.Get("/api/Order%20Details.csv")).Expect(HttpStatusCode.OK).Text, StringComparison.Ordinal);
        Assert.Single((await http.Get("/api/Customers/ALFKI?select=CustomerID")).Expect(HttpStatusCode.OK).Data.AsObject());
        (await http.Get("/api/Customers/AB")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_view_is_written_as_far_as_its_triggers_go()
    {
        var http = await databases.Serve("northwind");
        var changed = (await http.Send(HttpMethod.Patch, "/api/Quarterly%20Orders?OrderID=eq.2", """{"CompanyName":"Autre"}""")).Expect(HttpStatusCode.OK);
        Assert.Equal("Autre", (string?)changed.Records.Single()!["CompanyName"]);
        (await http.Send(HttpMethod.Post, "/api/Quarterly%20Orders", "{}")).Expect(HttpStatusCode.MethodNotAllowed);
        (await http.Send(HttpMethod.Delete, "/api/Quarterly%20Orders?OrderID=eq.2")).Expect(HttpStatusCode.MethodNotAllowed);
        var paths = (await http.Get("/api/openapi.json")).Expect(HttpStatusCode.OK).Json["paths"]!;
        Assert.Equal(["get", "patch"], paths["/api/Quarterly%20Orders"]!.AsObject().Select(operation => operation.Key));
    }
}
