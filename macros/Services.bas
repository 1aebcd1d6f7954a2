Attribute VB_Name = "Services"
Option Explicit

' Ticks the services of one applicant on the picker's sheet and writes them into the applicant's row.
' Names of the workbook say where things stand:
'   ticks_<kind>      the labels over the tick columns of that kind's sheet
'   name_<kind>       the label over the applicants' names
'   picker_boxes      the boxes of the picker, each with its service in the next cell
'   picker_sheet, picker_cell, picker_applicant    whom the picker is open for; blank when it is not

' Opens the picker for the active row, with the ticks that stand in it.
Public Sub OpenServices()
    Dim kind As String, box As Range
    kind = KindOf(ActiveSheet)
    If Not TakesTicks(kind, ActiveCell.Row) Then
        Tell "say_no_applicant"
        Exit Sub
    End If
    For Each box In Place("picker_boxes").Cells
        If IsBox(box) Then box.Value = IIf(IsTicked(TickCell(kind, box, ActiveCell.Row)), Ticked, Unticked)
    Next
    Place("picker_sheet").Value = ActiveSheet.Name
    Place("picker_cell").Value = ActiveCell.Address
    Place("picker_applicant").Value = ActiveSheet.Cells(ActiveCell.Row, Place("name_" & kind).Column).Value
    Place("picker_boxes").Worksheet.Activate
End Sub

' Writes the ticks into the applicant's row and goes back to it.
Public Sub AcceptServices()
    Dim kind As String, box As Range, tick As Range, row As Long
    If IsEmpty(Place("picker_cell").Value) Then
        Tell "say_no_applicant"
        Exit Sub
    End If
    row = Origin.Row
    kind = KindOf(Origin.Worksheet)
    For Each box In Place("picker_boxes").Cells
        If IsBox(box) Then
            Set tick = TickCell(kind, box, row)
            If IsTicked(box) Then tick.Value = Ticked Else tick.ClearContents
        End If
    Next
    LeavePicker
End Sub

' Goes back without writing.
Public Sub CancelServices()
    If Not IsEmpty(Place("picker_cell").Value) Then LeavePicker
End Sub

' A double click turns the box, or the box before a service, or a tick of an applicant; False where there is none.
Public Function ToggleTick(target As Range) As Boolean
    Dim box As Range, kind As String
    Set box = target.Cells(1, 1)
    kind = KindOf(box.Worksheet)
    If box.Worksheet.Name = Place("picker_boxes").Worksheet.Name Then
        If Not IsBox(box) And box.Column > 1 Then Set box = box.Offset(0, -1)
        If Not IsBox(box) Then Exit Function
        box.Value = IIf(IsTicked(box), Unticked, Ticked)
    Else
        If Not TakesTicks(kind, box.Row) Then Exit Function
        If Intersect(box.EntireColumn, Place("ticks_" & kind)) Is Nothing Then Exit Function
        If IsTicked(box) Then box.ClearContents Else box.Value = Ticked
    End If
    ToggleTick = True
End Function

Private Sub LeavePicker()
    Dim back As Range
    Set back = Origin
    Place("picker_sheet").ClearContents
    Place("picker_cell").ClearContents
    Place("picker_applicant").ClearContents
    Application.Goto back
End Sub

' The cell of the applicant's sheet from which the picker was opened.
Private Function Origin() As Range
    Set Origin = ThisWorkbook.Worksheets(CStr(Place("picker_sheet").Value)).Range(CStr(Place("picker_cell").Value))
End Function

' The kind of applicant that a sheet lists, "" for any other sheet.
Private Function KindOf(page As Object) As String
    Dim item As Name
    For Each item In ThisWorkbook.Names
        If Left$(item.Name, 6) = "ticks_" Then
            If item.RefersToRange.Worksheet.Name = page.Name Then KindOf = Mid$(item.Name, 7)
        End If
    Next
End Function

' Whether a row of a kind's sheet is one of those prepared for applicants.
Private Function TakesTicks(kind As String, row As Long) As Boolean
    Dim labels As Range
    If kind = "" Then Exit Function
    Set labels = Place("ticks_" & kind)
    If row <= labels.Row Then Exit Function
    TakesTicks = Not (labels.Worksheet.ProtectContents And labels.Cells(1, 1).Offset(row - labels.Row, 0).Locked)
End Function

' The tick of the service beside a box, in one row of a kind's sheet.
Private Function TickCell(kind As String, box As Range, row As Long) As Range
    Dim labels As Range
    Set labels = Place("ticks_" & kind)
    Set TickCell = labels.Cells(1, Application.Match(box.Offset(0, 1).Value, labels, 0)).Offset(row - labels.Row, 0)
End Function

Private Function IsBox(cell As Range) As Boolean
    IsBox = IsTicked(cell) Or CStr(cell.Value) = Unticked
End Function

Private Function IsTicked(cell As Range) As Boolean
    IsTicked = (CStr(cell.Value) = Ticked)
End Function

Private Function Ticked() As String
    Ticked = ChrW$(&H2611)
End Function

Private Function Unticked() As String
    Unticked = ChrW$(&H2610)
End Function

Private Function Place(id As String) As Range
    Set Place = ThisWorkbook.Names(id).RefersToRange
End Function
